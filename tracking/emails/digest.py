"""The one message of a day that reminds a person: what is overdue first, then what is due, what is
under way, and what awaits verification; each task under its department."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy, ngettext, override

from tracking.emails.reminded import Digest, Reminded, counts
from tracking.emails.room import fits
from tracking.emails.shortened import shortened
from tracking.emails.written import Written, write
from tracking.models import Letter
from tracking.renderers.cells import TaskWriter, sentence
from tracking.renderers.plain import plain
from tracking.renderers.words import counted
from tracking.rules.instants import day_of
from tracking.rules.lines import TaskFacts, line_of
from tracking.rules.reminders import Measure, Rung, share_used

# So many tasks of a section are named, and fewer until the message fits.
_MOST = (60, 30, 15, 8, 4, 2)
# The longest title, and the longest sentence about a task.
_TITLE, _STANDS = 300, 600

_TITLES = {
    "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("Due soon"),
    "under_way": gettext_lazy("Under way"),
    "unverified": gettext_lazy("Awaiting verification"),
}


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    path: str
    last_day: date | None
    stands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The tasks printed under a department. `word` and `figures` are its mark, if it has one."""

    department: str
    word: str
    figures: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """`more` tasks stand in the portal for want of room."""

    title: Any
    count: int
    groups: tuple[Group, ...]
    more: int


@dataclass(frozen=True, slots=True)
class LetterRow:
    name: str
    stands: str
    path: str


def digest_message(digest: Digest) -> Written:
    """In the language of the person; what there is no room for is counted."""
    language = digest.person.language
    with override(language):
        for most in _MOST:
            written = write("digest", language, _facts(digest, TaskWriter(language), most))
            if fits(written):
                break
    return written


def _facts(digest: Digest, writer: TaskWriter, most: int) -> dict[str, Any]:
    found = list(_sections(digest, writer, most))
    return {
        "heading": _("Reminder: %(counts)s") % {"counts": ", ".join(counts(digest))},
        "day": digest.day,
        "person": digest.person.written_name,
        "sections": found,
        "first": [row.name for s in found for group in s.groups for row in group.rows][:3],
        "letters": [_letter(letter, digest.day) for letter in digest.letters[:most]],
        "letters_count": len(digest.letters) + digest.withheld_letters,
        "more_letters": max(len(digest.letters) - most, 0),
        "withheld_letters": digest.withheld_letters,
        "withheld": sum(row.withheld for row in digest.tasks),
        "page": reverse("tracking:home"),
    }


def _sections(digest: Digest, writer: TaskWriter, most: int) -> Iterator[Section]:
    places = {code: place for place, code in enumerate(digest.board.departments)}

    def order(task: Reminded) -> Any:
        deadline = task.row.task.situation.deadline
        last_day = deadline.last_day if deadline else date.max
        return places[task.place], last_day, task.row.task.code

    for key, title in _TITLES.items():
        tasks = [t for t in digest.tasks if t.section == key and not t.withheld]
        if tasks:
            tasks.sort(key=order)
            groups = tuple(_groups(tasks[:most], digest, writer))
            yield Section(title, len(tasks), groups, max(len(tasks) - most, 0))


def _groups(tasks: Sequence[Reminded], digest: Digest, writer: TaskWriter) -> Iterator[Group]:
    board, language = digest.board, writer.language
    for place, alike in groupby(tasks, lambda task: task.place):
        reasons = board.reasons.get(place, 0)
        yield Group(
            department=shortened(plain(board.departments[place].names[language]), _TITLE),
            word=writer.say["mark_overdue"] if reasons else "",
            figures=counted(reasons, "task", language) if reasons else "",
            rows=tuple(_row(task, digest, writer) for task in alike),
        )


def _row(task: Reminded, digest: Digest, writer: TaskWriter) -> Row:
    owed, judgement, board = task.row.task, task.row.judgement, digest.board
    facts = TaskFacts(owed.code, "", owed.names, owed.situation)
    line = line_of(facts, judgement, task.place, board.names, board.measure.day)
    # Why it waits is in words that people wrote freely: they stand in the portal.
    waiting = [{**item, "reason": ""} for item in line["waiting"]]
    deadline = owed.situation.deadline
    stands = (writer.status(line), *_told(task, digest), *writer.waiting({"waiting": waiting}))
    return Row(
        name=shortened(f"{plain(owed.code)}. {plain(owed.names[writer.language])}", _TITLE),
        path=reverse("tracking:task", args=[owed.pk]),
        last_day=deadline.last_day if deadline else None,
        stands=tuple(shortened(sentence([part]), _STANDS) for part in stands),
    )


def _told(task: Reminded, digest: Digest) -> Iterator[str]:
    """Why now: the rungs in words."""
    for rung in task.rungs.values():
        if rung.measure is Measure.UNVERIFIED_DAYS:
            yield _waited(task, digest)
        elif not task.row.judgement.overdue:
            yield from _used(task, rung, digest)
        elif rung.measure is Measure.OVERDUE_WEEKS and rung.amount > 1:
            yield _("week %(number)s overdue") % {"number": rung.amount}


def _waited(task: Reminded, digest: Digest) -> str:
    made = task.row.task.situation.submission
    assert made is not None  # what awaits verification was submitted
    measure, since = digest.board.measure, day_of(made.at)
    days = measure.calendar.working_days_after(since, measure.day)
    return ngettext(
        "submitted on %(day)s, %(days)s working day ago",
        "submitted on %(day)s, %(days)s working days ago",
        days,
    ) % {"day": date_format(since, "SHORT_DATE_FORMAT"), "days": days}


def _used(task: Reminded, rung: Rung, digest: Digest) -> Iterator[str]:
    deadline = task.row.task.situation.deadline
    assert deadline is not None  # what falls due has a deadline
    measure = digest.board.measure
    left = measure.calendar.working_days_after(measure.day, deadline.last_day)
    if measure.day == deadline.last_day:
        yield _("today is the last day")
    elif not left:
        yield _("today is the last working day in time")
    else:
        if rung.measure is Measure.SHARE:
            used = share_used(task.row.decided_on, deadline, measure)
            yield _("%(share)s%% of the working time is used") % {"share": used}
        said = ngettext("%(days)s working day left", "%(days)s working days left", left)
        yield said % {"days": left}


def _letter(letter: Letter, today: date) -> LetterRow:
    due_on = letter.answer_due_on
    assert due_on is not None  # only those whose answer is overdue
    days = (today - due_on).days
    said = ngettext(
        "answer asked for by %(day)s, %(days)s day ago",
        "answer asked for by %(day)s, %(days)s days ago",
        days,
    )
    number, subject = plain(letter.number), plain(letter.subject)
    name = _("No. %(number)s: %(subject)s") % {"number": number, "subject": subject}
    return LetterRow(
        name=shortened(name if number else subject, _TITLE),
        stands=sentence([said % {"day": date_format(due_on, "SHORT_DATE_FORMAT"), "days": days}]),
        path=reverse("tracking:letter", args=[letter.pk]),
    )
