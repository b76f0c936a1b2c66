"""What does the report to the Minister say, paragraph by paragraph, before it is laid out?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tracking.renderers.document_words import document_word
from tracking.renderers.parts import Group, Sheet, Table
from tracking.renderers.words import date_text, number_text, roman, word

ANNEX_WIDTH = 252  # mm: landscape A4 less 30 on the left and 15 on the right
TASK_WIDTHS = {  # mm: a date, a bracket and a comma on one line; English words are longer
    "vi": (8, 36, 21, 20, 22, 22, 17, 22, 21, 22, 22, 19),
    "en": (9, 26, 21, 26, 25, 22, 22, 21, 20, 21, 21, 18),
}
TASK_CENTERED = frozenset({0, 5})
_WEIGHTS = {"date": 3, "number": 3}  # beyond their longest word; text: its length, from 10 to 40
_LONGEST_WORD = 40
_ROWS_WEIGHED = 200  # column widths look at the first rows only
_LETTER, _MARGINS = 2, 3  # mm: a letter of a table, rather too wide; what surrounds a cell's text


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph: `text`, then `name` in bold and underlined, then `mark` in bold.

    `kind` is heading, text, item, ragged (an item that holds a hash) or reason.
    """

    kind: str
    text: str
    name: str = ""
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of an annex under an optional title row; a `mark` underlines its name."""

    numeral: str
    name: str
    mark: str
    summary: str
    rows: Sequence[tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Annex:
    """A table with what is printed over and under it; widths in mm add up to `ANNEX_WIDTH`."""

    label: str
    title: str
    columns: tuple[str, ...]
    widths: tuple[float, ...]
    centered: frozenset[int]
    before: tuple[str, ...]
    bands: tuple[Band, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole document; `stamp` is the word printed in a frame, "" on an issued list."""

    language: str
    stamp: str
    subject: str
    passages: tuple[Passage, ...]
    annexes: tuple[Annex, ...]


def report_of(sheet: Sheet, *, most_tasks: int | None = None) -> Report:
    """The report; above `most_tasks` tasks its annex holds the reasons of marks only, or totals
    only where even those are more, and says so."""
    day = date_text(sheet.as_of, sheet.language)
    annexes = tuple(_annexes(sheet, most_tasks))
    return Report(
        language=sheet.language,
        stamp=" - ".join(
            word(key, sheet.language)
            for key, wanted in (("draft", sheet.draft), ("forecast", sheet.forecast))
            if wanted
        ),
        subject=document_word("subject", sheet.language).format(day=day),
        passages=tuple(_passages(sheet, day, annexes)),
        annexes=annexes,
    )


def _passages(sheet: Sheet, day: str, annexes: Sequence[Annex]) -> Iterator[Passage]:
    language = sheet.language
    agency = document_word("agency_name", language)
    yield Passage("text", document_word("opening", language).format(agency=agency, day=day))
    sections = (
        ("scope_heading", _scope(sheet)),
        ("totals_heading", (_item(f"- {label}: {value}.") for label, value in sheet.totals)),
        ("marked_heading", _marked(sheet)),
        ("movements_heading", (_item(f"- {line}") for line in sheet.movements)),
    )
    for number, (key, passages) in enumerate(sections, start=1):
        yield Passage("heading", f"{roman(number)}. {document_word(key, language)}")
        yield from passages
    closing = document_word("closing", language)
    yield Passage("text", closing.format(agency=agency, annexes=_named(annexes, language)))


def _scope(sheet: Sheet) -> Iterator[Passage]:
    if sheet.forecast:
        yield _item(f"- {word('forecast_note', sheet.language)}")
    for label, value in sheet.facts:
        yield _item(f"- {label}: {value}.")


def _item(text: str) -> Passage:
    """Justifying a line before a hash would tear its words apart."""
    return Passage("ragged" if max(map(len, text.split())) > _LONGEST_WORD else "item", text)


def _marked(sheet: Sheet) -> Iterator[Passage]:
    marked = [group for group in sheet.groups if group.marked]
    if not marked:
        yield Passage("text", document_word("nothing_marked", sheet.language))
        return
    yield Passage("text", document_word("marked_intro", sheet.language))
    for number, group in enumerate(marked, start=1):
        yield Passage("item", f"{number}. ", group.name, f" - {group.mark}.")
        for reason in group.reasons:
            yield Passage("reason", f"- {reason}")
        for remark in group.remarks:
            said = word("column_remarks", sheet.language)
            yield Passage("reason", f"- {said}: {remark}")


def _named(annexes: Sequence[Annex], language: str) -> str:
    if len(annexes) == 1:
        return document_word("annexes_one", language)
    named = document_word("annexes_range", language)
    return named.format(first=roman(1), last=roman(len(annexes)))


def _annexes(sheet: Sheet, most_tasks: int | None) -> Iterator[Annex]:
    last = len(sheet.annexes)
    for position in range(last + 1):
        label = document_word("annex_only", sheet.language)
        if last:
            label += f" {roman(position + 1)}"
        after = _legend(sheet) if position == last else ()
        if position == 0:
            yield _task_annex(sheet, label, after, most_tasks)
        else:
            yield _plain_annex(sheet.annexes[position - 1], label, after)


def _task_annex(sheet: Sheet, label: str, after: tuple[str, ...], most_tasks: int | None) -> Annex:
    tasks = sum(len(group.lines) for group in sheet.groups)
    abridged = most_tasks is not None and tasks > most_tasks
    bands = [_band(group, abridged=abridged) for group in sheet.groups]
    if most_tasks is not None and sum(len(band.rows) for band in bands) > most_tasks:
        bands = [replace(band, rows=[]) for band in bands]
    kept = sum(len(band.rows) for band in bands)
    return Annex(
        label=label,
        title=sheet.title,
        columns=sheet.columns,
        widths=TASK_WIDTHS[sheet.language],
        centered=TASK_CENTERED,
        before=(sheet.subtitle, *(_abridged(sheet.language, tasks, kept) if abridged else ())),
        bands=tuple(bands),
        after=after,
    )


def _band(group: Group, *, abridged: bool) -> Band:
    rows = [line.cells for line in group.lines if line.reason or not abridged]
    return Band(group.numeral, group.name, group.mark, group.summary, rows)


def _abridged(language: str, tasks: int, kept: int) -> tuple[str]:
    counts = {"tasks": tasks, "kept": kept, "left_out": tasks - kept}
    words = {key: number_text(count, language) for key, count in counts.items()}
    return (document_word("abridged", language).format(**words),)


def _plain_annex(table: Table, label: str, after: tuple[str, ...]) -> Annex:
    return Annex(
        label=label,
        title=table.title,
        columns=table.columns,
        widths=_widths(table),
        centered=frozenset(at for at, kind in enumerate(table.kinds) if kind in _WEIGHTS),
        before=(),
        bands=(Band("", "", "", "", table.rows),),
        after=tuple(text for text in (table.summary, table.note) if text) + after,
    )


def _widths(table: Table) -> tuple[float, ...]:
    """Every column is as wide as its longest word; they share the rest by the length of what they
    hold, within limits."""
    least, weights = [], []
    for column, kind in enumerate(table.kinds):
        cells = [table.columns[column]]
        cells += [row[column] for row in islice(table.rows, _ROWS_WEIGHED)]
        word = max((len(word) for cell in cells for word in cell.split()), default=0)
        least.append(min(_MARGINS + _LETTER * word, ANNEX_WIDTH / len(table.kinds)))
        weights.append(_WEIGHTS.get(kind) or min(max(10, *map(len, cells)), 40))
    share = (ANNEX_WIDTH - sum(least)) / sum(weights)
    return tuple(
        round(room + share * weight, 1) for room, weight in zip(least, weights, strict=True)
    )


def _legend(sheet: Sheet) -> tuple[str, ...]:
    language = sheet.language
    return (
        f"{word('heading_legend', language)}:",
        *sheet.legend,
        f"{word('heading_hash', language)}: {sheet.sha256}",
    )
