"""A row of a file that knows where it stands, whatever the format of the file."""

from collections.abc import Iterable, Mapping
from typing import Any


class FileRefused(Exception):
    """The file cannot be read at all; `sentences` say where, what is wrong and what to do."""

    def __init__(self, sentences: Iterable[object]) -> None:
        self.sentences = [str(sentence) for sentence in sentences]
        super().__init__("\n".join(self.sentences))


class Row(dict[str, Any]):
    """One object of a section, keys as in the contract. `place` is "line 12" or "Tasks!7"; `cells`
    gives the place of a single key where the format knows it; `faults` holds, by key, what the
    format could not read, so that it is told together with everything else."""

    def __init__(
        self,
        values: Mapping[str, Any],
        place: str,
        cells: Mapping[str, str] | None = None,
        faults: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(values)
        self.place = place
        self.cells: Mapping[str, str] = cells or {}
        self.faults: Mapping[str, str] = faults or {}

    def at(self, key: str) -> str:
        return self.cells.get(key, self.place)


# Section -> its rows, in the order of the file.
Rows = dict[str, list[Row]]


def in_order(faults: Iterable[str]) -> list[str]:
    """By the number in their place, so that an operator walks through the file once."""

    def place(fault: str) -> tuple[str, int]:
        head = fault.split(":", 1)[0]
        digits = "".join(c for c in head.rpartition("!")[2] if c.isdigit())
        return head.rpartition("!")[0], int(digits or 0)

    return sorted(faults, key=place)
