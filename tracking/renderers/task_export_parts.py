"""What a file of tasks consists of, whatever its format."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

Cell = str | int | date | None


@dataclass(frozen=True, slots=True)
class Head:
    """`kind`: text, number or date; `letters`: how many fit on a line of a worksheet."""

    label: str
    kind: str = "text"
    letters: int = 20


@dataclass(frozen=True, slots=True)
class Export:
    """`facts`: (what, value) of the day, the knowledge, the filters and the number of tasks."""

    language: str
    title: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[Head]
    count: int
    rows: Iterable[Sequence[Cell]]
