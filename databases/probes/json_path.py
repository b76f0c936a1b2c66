"""Where in a JSON text does a value stand? A path such as $.meta.counts[0].total."""

import re
from typing import Any

Path = tuple[str | int, ...]

_STEP = re.compile(r"\.([A-Za-z_][\w-]*)|\[(\d{1,4})\]")
_MOST = 16


def path_of(text: str) -> Path:
    """ValueError for anything but names and positions."""
    if not text.startswith("$"):
        raise ValueError(text)
    steps: list[str | int] = []
    at = 1
    while at < len(text):
        found = _STEP.match(text, at)
        if found is None or len(steps) == _MOST:
            raise ValueError(text)
        steps.append(found[1] if found[1] is not None else int(found[2]))
        at = found.end()
    return tuple(steps)


def value_at(value: Any, path: Path) -> Any:
    """LookupError when nothing stands there."""
    for step in path:
        if isinstance(step, str) and not isinstance(value, dict):
            raise LookupError(step)
        if isinstance(step, int) and not isinstance(value, list):
            raise LookupError(step)
        value = value[step]
    return value
