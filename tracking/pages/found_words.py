"""Which letters, meetings and remarks does a search find? By what they say, the newest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from django.urls import reverse
from django.utils.translation import gettext as _

from tracking.models import Letter, Meeting, Remark
from tracking.pages.hits import Group, Hit, newest, plain
from tracking.pages.task_words import day_text
from tracking.permissions import Visitor, may_view_letters, may_view_meetings, may_view_work
from tracking.rules.instants import day_of
from tracking.rules.searching import Question, parts

# These registers have no column without accents: the newest are read. They grow by some a week.
_READ = 2_000


@dataclass(frozen=True, slots=True)
class _Row:
    code: str
    name: str
    about: str
    address: str


def word_hits(question: Question, reader: Visitor, most: int) -> Iterator[Group]:
    """One query a register, of those that the reader may see."""
    if may_view_letters(reader):
        every = reverse("tracking:letter-list")
        yield _group("letters", _("Letters"), question, _letters(), most, every)
    if may_view_meetings(reader):
        every = reverse("tracking:meeting-list")
        yield _group("meetings", _("Meetings"), question, _meetings(), most, every)
    if may_view_work(reader):
        yield _group("remarks", _("Remarks"), question, _remarks(), most)


def _letters() -> Iterator[_Row]:
    rows = Letter.objects.defer("content").select_related("department", "partner")
    for row in rows.order_by("-drafted_at", "-pk")[:_READ]:
        to = row.department or row.partner
        about = "; ".join(filter(None, (str(row.get_state_display()), to.name if to else "")))
        number = row.number or str(row.get_kind_display()).capitalize()
        yield _Row(number, row.subject, about, reverse("tracking:letter", args=[row.pk]))


def _meetings() -> Iterator[_Row]:
    for row in Meeting.objects.order_by("-held_at", "-pk")[:_READ]:
        day = day_text(day_of(row.held_at))
        address = reverse("tracking:meeting", args=[row.pk])
        yield _Row(day, row.title, f"{row.get_state_display()}; {row.place}".strip("; "), address)


def _remarks() -> Iterator[_Row]:
    rows = Remark.objects.select_related("department").order_by("-recorded_at", "-pk")
    for row in rows[:_READ]:
        about = f"{row.department.name}, {day_text(day_of(row.recorded_at))}"
        address = reverse("tracking:department", args=[row.department_id])
        yield _Row(", ".join(row.tasks), row.text, about, address)


def _group(
    key: str, name: str, question: Question, rows: Iterable[_Row], most: int, every: str = ""
) -> Group:
    read = list(rows)
    fitting = [row for row in read if _fits(row, question)]
    hits = [
        Hit(
            parts(row.code, question.pairs), parts(row.name, question.pairs), row.about, row.address
        )
        for row in islice(fitting, most)
    ]
    return Group(key, name, hits, len(fitting), every, note=newest(len(read), _READ))


def _fits(row: _Row, question: Question) -> bool:
    said = plain(f"{row.code} {row.name} {row.about}")
    return all(word in said for word in question.words)
