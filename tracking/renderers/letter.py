"""The one door to the printed forms of a letter, and what each of them prints.

A letter is its frozen content; the clerk's number and date are printed once they are entered, and
the stamp of a draft until the letter goes for signature. Letters are in Vietnamese.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import import_module
from typing import Any

from tracking.renderers import letter_words as say
from tracking.renderers.report import Annex, Band, Passage, report_of
from tracking.renderers.sheet import sheet_of

FORMATS = ("docx", "pdf")
ABOUT = "V/v "
TO = "Kính gửi:"
# In mm; those in the text fill a portrait page, those of an annex a landscape one.
TEXT_WIDTHS = {"tasks": (9, 50, 23, 15, 23, 21, 24), "waits": (9, 52, 28, 23, 24, 29)}
ANNEX_WIDTHS = {"tasks": (12, 88, 28, 20, 30, 30, 44), "waits": (12, 92, 46, 30, 32, 40)}
CENTERED = {"tasks": frozenset({0, 2, 3, 4}), "waits": frozenset({0, 3, 4})}
_REFERENCE = "(Kèm theo {named} số {number} {day} của {agency})"


@dataclass(frozen=True, slots=True)
class Grid:
    """A table within the text; widths in mm."""

    columns: tuple[str, ...]
    widths: tuple[float, ...]
    centered: frozenset[int]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """What is on the paper. `about`: of an official letter, "" for a document with a title."""

    header: Mapping[str, str]
    about: str
    title: str
    subject: str
    addressees: tuple[str, ...]
    body: tuple[Passage | Grid, ...]
    annexes: tuple[Annex, ...]
    reference: str
    recipients: str
    position: str
    stamp: str
    agency: str


def render(
    content: Mapping[str, Any],
    *,
    format: str,  # noqa: A002
    annexed: Mapping[str, Any] | None = None,
    number: str = "",
    dated: date | None = None,
    draft: bool = True,
) -> bytes:
    """The bytes of a letter, the same whenever rendered. `annexed`: content of the issued list
    that the letter names by its hash; `number` and `dated`: as the clerk entered them. ValueError
    for an unknown format or another list."""
    if format not in FORMATS:
        raise ValueError(f"Unknown format {format!r}: use one of {', '.join(FORMATS)}.")
    named = content["annexed"]
    if (annexed or {}).get("sha256") != (named or {}).get("sha256"):
        raise ValueError("The list given is not the one that the letter names as its annex.")
    module = import_module(f"tracking.renderers.letter_{format}")
    most = module.MOST_TASKS
    printed = printed_of(content, annexed, number, dated, draft=draft, most_tasks=most)
    return bytes(module.render(printed))


def printed_of(
    content: Mapping[str, Any],
    annexed: Mapping[str, Any] | None = None,
    number: str = "",
    dated: date | None = None,
    *,
    draft: bool = True,
    most_tasks: int | None = None,
) -> Printed:
    """The letter as it goes on paper; a list of more tasks than that is abridged, in words."""
    header = dict(content["header"])
    symbol = number or header["number"].removeprefix("Số: ")
    day = say.dated(dated) if dated else header["place_date"].split(", ", 1)[1][:-1]
    if number:
        header["number"] = f"Số: {number}"
    if dated:
        header["place_date"] = f"{header['place_date'].split(',')[0]}, {day}"
    named, agency = content["named"], content["agency_name"]
    return Printed(
        header=header,
        about="" if content["title"] else ABOUT + content["subject"],
        title=content["title"],
        subject=content["subject"],
        addressees=tuple(content["addressees"]),
        body=tuple(_piece(passage) for passage in content["passages"]),
        annexes=_annexes(content["annex"], annexed, most_tasks),
        reference=_REFERENCE.format(named=named, number=symbol, day=day, agency=agency),
        recipients="\n".join(content["recipients"]),
        position=content["position"],
        stamp=content["stamp"] if draft else "",
        agency=agency,
    )


def _piece(passage: Mapping[str, Any]) -> Passage | Grid:
    if passage["kind"] != "table":
        name, mark = passage.get("name", ""), passage.get("mark", "")
        return Passage(passage["kind"], passage["text"], name, mark)
    layout = passage["layout"]
    return Grid(
        columns=tuple(passage["columns"]),
        widths=TEXT_WIDTHS[layout],
        centered=CENTERED[layout],
        rows=tuple(tuple(row) for row in passage["rows"]),
    )


def _annexes(
    own: Mapping[str, Any] | None, annexed: Mapping[str, Any] | None, most_tasks: int | None
) -> tuple[Annex, ...]:
    if annexed is not None:
        return report_of(sheet_of(annexed, language="vi"), most_tasks=most_tasks).annexes
    if own is None:
        return ()
    rows = [tuple(row) for row in own["rows"]]
    return (
        Annex(
            label=own["label"],
            title=own["title"],
            columns=tuple(own["columns"]),
            widths=ANNEX_WIDTHS[own["layout"]],
            centered=CENTERED[own["layout"]],
            before=(),
            bands=(Band("", "", "", "", rows),),
            after=(),
        ),
    )
