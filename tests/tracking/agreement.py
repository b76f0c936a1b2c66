"""Where does a list differ from what another reading of the rules says of the same keys?"""

from collections.abc import Iterator
from typing import Any


def differences(expected: Any, actual: Any, place: str = "") -> Iterator[str]:
    """A sentence per difference; only the keys of `expected` are looked at."""
    if isinstance(expected, dict):
        for key, value in expected.items():
            if key not in actual:
                yield f"{place}.{key} is missing"
            else:
                yield from differences(value, actual[key], f"{place}.{key}")
    elif isinstance(expected, list) and all(isinstance(item, dict) for item in expected):
        if len(expected) != len(actual):
            yield f"{place}: {len(expected)} expected, {len(actual)} found"
        for number, (one, other) in enumerate(zip(expected, actual, strict=False)):
            yield from differences(one, other, f"{place}[{number}]")
    elif expected != actual:
        yield f"{place}: {expected!r} expected, {actual!r} found"
