"""The message that brings an issued list: what changed, who is marked and why, the totals."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext, override

from tracking.emails.changes import Changes, changes_of
from tracking.emails.marked import MarkedDepartment, marked_department
from tracking.emails.room import LAST, ROOMS, Room, fits
from tracking.emails.shortened import shortened, was_shortened
from tracking.emails.withheld import Mailable, mailable
from tracking.emails.written import Written, write
from tracking.renderers.cells import TaskWriter
from tracking.renderers.plain import plain
from tracking.renderers.sheet import sheet_of
from tracking.renderers.words import date_text, list_number_text, number_text, word

Content = Mapping[str, Any]
_PLANS_NAMED = 2
# With a department that gained or lost its mark; its reasons follow in full, where there is room.
_CODES_NAMED = 8


def report_message(
    content: Content,
    *,
    language: str,
    classified: Collection[str],
    list_number: int,
    files_left_out: str = "",
) -> Written:
    """The message about this list, in as much detail as has room: the rest stands in the portal,
    and the message says how much. `files_left_out`: "classified" or "size" when files were
    asked for that do not come with it."""
    with override(language):
        spoken = mailable(content, frozenset(classified))
        steady = _steady(content, language, list_number, spoken)
        steady["not_attached"] = _not_attached(files_left_out)
        for room in ROOMS:
            if room is not LAST and not room.may_do(content):
                continue
            written = write("report", language, steady | _told(content, spoken, language, room))
            if fits(written):
                return written
    return written


def _steady(content: Content, language: str, number: int, spoken: Mailable) -> dict[str, Any]:
    """What is said however little room there is."""
    bare = {**content, "departments": [], "annexes": [], "legend": [], "movements": {"since": None}}
    sheet = sheet_of({**bare, "supersedes": spoken.content["supersedes"]}, language=language)
    supersedes = word("fact_supersedes", language)
    facts = [(label, shortened(value, 600)) for label, value in sheet.facts]
    marked = word("total_departments", language)
    return {
        "heading_number": list_number_text(number),
        "page": reverse("tracking:list", args=[number]),
        "heading": sheet.subtitle,
        "facts": [fact for fact in facts if fact[0] != supersedes],
        "supersedes": next((": ".join(fact) for fact in facts if fact[0] == supersedes), ""),
        # The figures of tasks are read after that of marks.
        "totals": sorted(sheet.totals, key=lambda total: total[0] != marked),
        "withheld": spoken.withheld,
        "sha256": content["sha256"],
        "say": {
            key: word(key, language)
            for key in ("heading_movements", "heading_totals", "heading_facts", "column_reasons",
                        "column_remarks", "heading_hash")
        },
    }  # fmt: skip


def _not_attached(why: str) -> str:
    return {
        "": "",
        "classified": _(
            "The files of this list are not attached: they name tasks shown in the portal only."
        ),
        "size": _(
            "The files of this list are not attached: they are too large, and stand in the portal."
        ),
    }[why]


def _told(content: Content, spoken: Mailable, language: str, room: Room) -> dict[str, Any]:
    changes = changes_of(spoken.content, language, room.departments, _CODES_NAMED)
    departments = list(_marked(content, spoken, language, room))
    left = content["totals"]["departments_marked"] - len(departments)
    return {
        "subject": subject_of(content, changes, language),
        "changes": changes,
        "departments": departments,
        "more_departments": left,
        "cut_short": any(map(was_shortened, _long_texts(departments))),
    }


def _marked(
    content: Content, spoken: Mailable, language: str, room: Room
) -> Iterator[MarkedDepartment]:
    writer = TaskWriter(language)
    pairs = zip(content["departments"], spoken.content["departments"], strict=True)
    marked = [(row, said) for row, said in pairs if row["marked"]]
    for row, said in marked[: room.departments]:
        yield marked_department(row, said, content["policy"], writer, room.reasons)


def _long_texts(departments: Iterable[MarkedDepartment]) -> Iterator[str]:
    for department in departments:
        yield department.name
        yield from department.remarks
        for reason in department.reasons:
            yield from (reason.task, reason.stands)


def subject_of(content: Content, changes: Changes, language: str) -> str:
    """The day, how many departments are marked and what changed, in one line."""
    number = content["totals"]["departments_marked"]
    mark = word(f"mark_{content['policy']}", language)
    marked = _("no department %(mark)s") % {"mark": mark}
    if number:
        marked = ngettext(
            "%(count)s department %(mark)s", "%(count)s departments %(mark)s", number
        ) % {"count": number_text(number, language), "mark": mark}
    day = date_text(content["as_of"], language)
    said = {"list": _list_of(content, day), "marked": marked, "changes": _moved(changes)}
    if changes.first:
        return _("%(list)s: %(marked)s") % said
    return _("%(list)s: %(marked)s (%(changes)s)") % said


def _list_of(content: Content, day: str) -> str:
    """Which list: its plans are named unless it is the list of all."""
    plans = [plain(code) for code in content["plans"]]
    if content["every_plan"] or not plans:
        return _("Progress list %(day)s") % {"day": day}
    named = shortened(", ".join(plans[:_PLANS_NAMED]), 120)
    if len(plans) > _PLANS_NAMED:
        named = ngettext("%(count)s plan", "%(count)s plans", len(plans)) % {"count": len(plans)}
    return _("Progress list %(day)s, %(plans)s") % {"day": day, "plans": named}


def _moved(changes: Changes) -> str:
    said = {"new": changes.new, "gone": changes.gone}
    if changes.new and changes.gone:
        return _("%(new)s new, %(gone)s cleared") % said
    if changes.new:
        return _("%(new)s new") % said
    return _("%(gone)s cleared") % said if changes.gone else _("unchanged")
