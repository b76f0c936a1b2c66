"""The one door to every printed form of a progress list."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

FORMATS = ("text", "json", "html", "docx", "xlsx", "pdf")


def render(
    content: Mapping[str, Any],
    *,
    format: str,  # noqa: A002
    language: str = "vi",
    terminal: bool = False,
) -> bytes:
    """The bytes of a list of format progress-list/1, the same whenever rendered.

    `terminal` asks for a terminal's bold and underline and concerns text alone. ValueError
    for an unknown format or language.
    """
    if format not in FORMATS:
        raise ValueError(f"Unknown format {format!r}: use one of {', '.join(FORMATS)}.")
    if format == "json":
        canonical = import_module("tracking.rules.canonical").canonical
        return bytes(canonical(content)) + b"\n"
    module = import_module(f"tracking.renderers.{format}")
    if format == "text":
        return bytes(module.render(content, language=language, terminal=terminal))
    return bytes(module.render(content, language=language))
