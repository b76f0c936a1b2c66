"""How is a list written so that the same facts always give the same bytes? (rules.md 8)"""

import hashlib
import unicodedata
from collections.abc import Mapping
from typing import Any

import orjson


def nfc(value: Any) -> Any:
    """The same value with every text, keys included, in Unicode NFC; TypeError on a float."""
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case bool() | int() | None:
            return value
        case Mapping():
            return {nfc(key): nfc(item) for key, item in value.items()}
        case list() | tuple():
            return [nfc(item) for item in value]
        case _:
            raise TypeError(f"a list holds texts and integers only, not {value!r}")


def canonical(content: Mapping[str, Any]) -> bytes:
    """Canonical JSON: sorted keys, compact separators, UTF-8, NFC, integers only. TypeError on a
    float."""
    _refuse_floats(content)
    text = _dumped(content)
    # Making every text anew costs as much as the list itself: only where it is needed.
    if not unicodedata.is_normalized("NFC", text):
        text = _dumped(nfc(content))
    return text.encode()


def _refuse_floats(content: Any) -> None:
    waiting = [content]
    while waiting:
        value = waiting.pop()
        kind = type(value)
        if kind is dict:
            waiting.extend(value.values())
        elif kind is list or kind is tuple:
            waiting.extend(value)
        elif kind is not str and isinstance(value, float):
            raise TypeError(f"a list holds texts and integers only, not {value!r}")


def _dumped(content: Any) -> str:
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS).decode()


def sha256_of(content: Mapping[str, Any]) -> str:
    """The hash of a list: everything but `sha256` enters it."""
    rest = {key: value for key, value in content.items() if key != "sha256"}
    return hashlib.sha256(canonical(rest)).hexdigest()
