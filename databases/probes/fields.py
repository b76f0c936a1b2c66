"""What does the specification of an endpoint say? Read field by field, every fault told."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from databases.probes.address import BadTarget, host_of

Words = dict[str, str]  # a sentence in Vietnamese and English
PAIRS_MOST = 16


class BadSpec(Exception):
    """The specification cannot be used; a sentence for each fault."""

    def __init__(self, faults: Sequence[Words]) -> None:
        super().__init__("; ".join(fault["en"] for fault in faults))
        self.faults = list(faults)


class Fields:
    """The fields of a specification. Absent ones give the default; `end` raises BadSpec."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        # Nothing is what is not there.
        self._given = {name: value for name, value in given.items() if value is not None}
        self._read: set[str] = set()
        self._faults: list[Words] = []

    def fault(self, name: str, vi: str, en: str) -> None:
        self._faults.append({"vi": f"{name}: {vi}", "en": f"{name}: {en}"})

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or not _is_line(value):
            self.fault(name, "phải là một dòng chữ", "must be one line of text")
            return ""
        if needed and not value and name in self._given:
            self.fault(name, "không được để trống", "must not be empty")
        elif needed and not value:
            self.fault(name, "còn thiếu", "is missing")
        return str(value)

    def host(self, name: str, default: str | None = None) -> str:
        """A name or an address, normalised; needed unless there is a default."""
        self._read.add(name)
        if default is not None and name not in self._given:
            return default
        text = self.text(name, needed=True)
        try:
            return host_of(text) if text else ""
        except BadTarget as bad:
            self.fault(name, bad.vi, bad.en)
        return ""

    def port(self, default: int | None = None) -> int:
        """From 1 to 65535; needed unless there is a default."""
        found = self.number("port", default, 1, 65_535)
        if found is None and "port" not in self._given:
            self.fault("port", "còn thiếu", "is missing")
        return found or 0

    def number(self, name: str, default: int | None, low: int, high: int) -> int | None:
        value = self._take(name, default)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            self.fault(
                name,
                f"phải là số nguyên từ {low} đến {high}",
                f"must be a whole number from {low} to {high}",
            )
            return default
        return value

    def numbers(self, name: str, default: Sequence[int], low: int, high: int) -> frozenset[int]:
        value = self._take(name, list(default))
        whole = isinstance(value, list) and all(type(item) is int for item in value)
        if not whole or not all(low <= item <= high for item in value):
            self.fault(
                name,
                f"phải là danh sách số nguyên từ {low} đến {high}",
                f"must be a list of whole numbers from {low} to {high}",
            )
            return _numbers(*default)
        return _numbers(*value)

    def words(self, name: str) -> tuple[str, ...]:
        value = self._take(name, [])
        fine = isinstance(value, list) and all(isinstance(item, str) for item in value)
        if not fine or len(value) > PAIRS_MOST:
            self.fault(
                name,
                f"phải là danh sách nhiều nhất {PAIRS_MOST} chữ",
                f"must be a list of at most {PAIRS_MOST} texts",
            )
            return ()
        return tuple(value)

    def mapping(self, name: str) -> dict[str, Any]:
        value = self._take(name, {})
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            self.fault(name, "phải là các cặp tên và giá trị", "must be pairs of names and values")
            return {}
        if len(value) > PAIRS_MOST:
            self.fault(name, f"nhiều nhất {PAIRS_MOST} cặp", f"at most {PAIRS_MOST} pairs")
            return {}
        return value

    def texts(self, name: str) -> dict[str, str]:
        found = self.mapping(name)
        if not all(isinstance(value, str) for value in found.values()):
            self.fault(name, "mọi giá trị phải là chữ", "every value must be a text")
            return {}
        return found

    def one_of(self, name: str, choices: Sequence[str]) -> str:
        value = self._take(name, choices[0])
        if value not in choices:
            said = ", ".join(choices)
            self.fault(name, f"phải là một trong: {said}", f"must be one of: {said}")
            return choices[0]
        return str(value)

    def end(self) -> None:
        """BadSpec when anything was wrong or is not known."""
        for name in sorted(self._given.keys() - self._read):
            self.fault(name, "không có trường này", "there is no such field")
        if self._faults:
            raise BadSpec(self._faults)

    def _take(self, name: str, default: Any) -> Any:
        self._read.add(name)
        return self._given.get(name, default)


def _is_line(text: str) -> bool:
    """One line of what can be written down: no control characters, no half of a character."""
    return not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in text)


@lru_cache(maxsize=64)
def _numbers(*numbers: int) -> frozenset[int]:
    """The same object for the thousands that ask for the same."""
    return frozenset(numbers)
