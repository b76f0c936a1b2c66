"""Does a specification hold a secret? It belongs into a credential, which is sealed."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote

_NAMES = re.compile(
    r"pass(word|wd|phrase)|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key"
    r"|authorization|cookie|credential|signature",
    re.IGNORECASE,
)
_VALUES = re.compile(
    r"-----BEGIN[A-Z ]* PRIVATE KEY"  # PEM
    r"|://[^/?#@\s]+@"  # a user before the host
    r"|\b(bearer|basic)\s+[A-Za-z0-9+/=._~-]{8,}"  # a header
    r"|\beyJ[A-Za-z0-9_-]{8,}\.",  # a JSON web token
    re.IGNORECASE,
)
# Letters and digits, mixed, as a machine makes them.
_MADE = re.compile(r"(?=[^\s]*[0-9])(?=[^\s]*[A-Za-z])[A-Za-z0-9+/=_-]{24,}")


def secrets_in(spec: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Where something stands that looks like a secret; the path of keys, never the value."""
    return list(_found(spec, ()))


def looks_secret(value: Any) -> bool:
    """By itself, wherever it stands."""
    return isinstance(value, str) and bool(_VALUES.search(value) or _in_query(value))


def hidden(value: Any, path: tuple[str, ...]) -> Any:
    """A part of a specification as it may be shown."""
    if isinstance(value, Mapping):
        return {key: hidden(item, (*path, str(key))) for key, item in value.items()}
    if isinstance(value, list):
        return [hidden(item, path) for item in value]
    return "***" if looks_secret(value) or _by_place(value, path) else value


def _found(value: Any, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _found(item, (*path, str(key)))
    elif isinstance(value, list):
        for item in value:
            yield from _found(item, path)
    elif looks_secret(value) or _by_place(value, path):
        yield path


def _by_place(value: Any, path: tuple[str, ...]) -> bool:
    """A value under a telling name, or a header that no person has thought up. What is expected
    under a JSON path is told by its value alone: `$.token_type` may well be looked at."""
    if not isinstance(value, str) or not value or not path or path[-1].startswith("$"):
        return False
    made = path[0] == "headers" and _MADE.fullmatch(value)
    return bool(made or _NAMES.search(path[-1]))


def _in_query(text: str) -> bool:
    address, mark, query = text.partition("?")
    if not mark or "://" not in address:
        return False
    return any(
        value and (_NAMES.search(name) or _MADE.fullmatch(unquote(value)))
        for name, value in parse_qsl(query.partition("#")[0])
    )
