"""A row of a plan file that knows where it stands, whatever the format of the file."""

from collections.abc import Iterable, Mapping
from typing import Any

SECTIONS = ("departments", "partners", "plans", "documents", "calendar", "tasks", "events")


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
PlanRows = dict[str, list[Row]]
