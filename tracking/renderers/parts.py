"""The parts of a progress list once its words are chosen; every format prints these."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One task: `cells` one per column in the reader's language, dates in ISO for workbooks."""

    cells: tuple[str, ...]
    standing: str
    overdue: bool
    reason: bool
    original_due_on: str | None
    due_on: str | None
    submitted_at: str | None
    code: str
    late_calendar_days: int
    late_working_days: int
    title: str
    required: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One department; `mark` is "" when it is not marked, and then `reasons` and `remarks` are
    empty."""

    numeral: str
    code: str
    name: str
    marked: bool
    mark: str
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    summary: str
    lines: tuple[Line, ...]
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An annex; `kinds` says text, date or number per column, `values` are the cells unworded."""

    title: str
    columns: tuple[str, ...]
    kinds: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    summary: str
    note: str
    values: tuple[tuple[str | int | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A whole list in one language; `totals` and `facts` are (label, value)."""

    language: str
    title: str
    subtitle: str
    draft: bool
    number: int | None
    forecast: bool
    facts: tuple[tuple[str, str], ...]
    columns: tuple[str, ...]
    groups: tuple[Group, ...]
    totals: tuple[tuple[str, str], ...]
    movements: tuple[str, ...]
    annexes: tuple[Table, ...]
    legend: tuple[str, ...]
    sha256: str
    as_of: str
    policy: str
