"""What tells one kind of file from another: its format, its sheets, and the words about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracking.plan_files.workbook_columns import Sheet
from tracking.plan_files.workbook_words import Words


@dataclass(frozen=True, slots=True)
class WordTable:
    """Words that the workbook knows, in Vietnamese and English; `beside` says by value what goes
    with each, under the heading `beside_head`."""

    vi: str
    en: str
    words: Words
    beside_head: str = ""
    beside: Mapping[Any, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Offer:
    """Codes, each with its name, of a register of the portal that the workbook names but does not
    hold; they are offered by a drop-down."""

    vi: str
    en: str
    codes: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class GuideText:
    """The first sheet, every line in Vietnamese and English."""

    title: tuple[str, str]
    lines: tuple[tuple[str, str], ...]
    tables: tuple[WordTable, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """`what` names the kind in sentences ("not a … file"); `split` says what to do with a file that
    is too large. The sections of a file are those of `sheets`, in their order."""

    format: str
    what: Any
    split: Any
    sheets: Mapping[str, Sheet]
    guide: GuideText

    @property
    def sections(self) -> tuple[str, ...]:
        return tuple(self.sheets)
