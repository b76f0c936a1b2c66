"""What will the list of a day to come say, if nothing is recorded until then?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.progress_lists import draft
from tracking.pages.list_reading import task_keys
from tracking.pages.task_words import day_text
from tracking.renderers.cells import TaskWriter
from tracking.renderers.marks import mark_of
from tracking.renderers.plain import plain
from tracking.renderers.words import share_text
from tracking.rules.forecast import Marked, Reason, Way, marked_then
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Policy, Scope

_MONDAY = 0


@dataclass(frozen=True, slots=True)
class ToldReason:
    """A task that would mark its department, how late it would be, and what takes it out."""

    code: str
    title: str
    newly: bool
    deadline: str
    status: str
    standing: str
    ways: Sequence[str]
    key: int | None


@dataclass(frozen=True, slots=True)
class ToldDepartment:
    code: str
    name: str
    newly: bool
    word: str
    detail: str
    reasons: Sequence[ToldReason]


class Forecast:
    """Of the list that is asked, from what is known at `now`; nothing is stored."""

    def __init__(self, scope: Scope, now: datetime, language: str) -> None:
        today = day_of(now)
        self.scope, self.today = scope, today
        self.then = draft(scope)
        self.now = draft(_today(scope, now))
        self.writer = TaskWriter(language)
        self.language = language
        told = marked_then(self.now, self.then, today)
        self.keys = task_keys(reason.line["code"] for row in told for reason in row.reasons)
        self.departments = [self._department(department) for department in told]

    @property
    def newly(self) -> list[ToldDepartment]:
        return [department for department in self.departments if department.newly]

    @property
    def already(self) -> list[ToldDepartment]:
        return [department for department in self.departments if not department.newly]

    @property
    def figures(self) -> list[tuple[str, str, str]]:
        """(what, as it is today, as it would be)."""
        now, then = (self._figures(content["totals"]) for content in (self.now, self.then))
        return [(label, value, then[label]) for label, value in now.items()]

    def _figures(self, totals: Mapping[str, Any]) -> dict[str, str]:
        say, count = self.writer.say, totals["standings"]["overdue"]
        return {
            say["total_departments"]: share_text(
                totals["departments_marked"], totals["departments"], self.language
            ),
            say["overdue"]: share_text(count, totals["in_scope"], self.language),
            say["total_completed"]: share_text(
                totals["completed_of_due"], totals["due"], self.language
            ),
        }

    def _department(self, marked: Marked) -> ToldDepartment:
        mark = mark_of(marked.department, str(self.scope.policy), self.writer)
        word, _colon, detail = mark.partition(": ")
        return ToldDepartment(
            code=marked.department["code"],
            name=plain(marked.department["name"][self.language]),
            newly=marked.newly,
            word=word,
            detail=detail,
            reasons=[self._reason(reason) for reason in marked.reasons],
        )

    def _reason(self, reason: Reason) -> ToldReason:
        line = reason.line
        return ToldReason(
            code=line["code"],
            title=plain(line["title"][self.language]),
            newly=reason.newly,
            deadline=self.writer.deadline(line),
            status=self.writer.status(line),
            standing=line["standing"],
            ways=list(_sentences(reason)),
            key=self.keys.get(line["code"]),
        )


def next_monday(today: date) -> date:
    """The one after today; never today itself."""
    return today + timedelta(days=(_MONDAY - today.weekday() - 1) % 7 + 1)


def scope_of(as_of: date, policy: Policy, plans: Sequence[str], now: datetime) -> Scope:
    return Scope(as_of=as_of, known_at=now, policy=policy, plans=tuple(sorted(plans)))


def _today(scope: Scope, now: datetime) -> Scope:
    return Scope(as_of=day_of(now), known_at=now, policy=scope.policy, plans=scope.plans)


def _sentences(reason: Reason) -> Iterator[str]:
    """What each of the ways asks of whom."""
    for way in reason.ways:
        if way is Way.SUBMIT and reason.until:
            yield _("submit the result by the end of %(day)s") % {"day": day_text(reason.until)}
        else:
            yield str(_WAYS[way]())


_WAYS = {
    Way.SUBMIT: lambda: _("submit the result"),
    Way.SUBMIT_AND_ACCEPT: lambda: _("submit the result, and have it accepted"),
    Way.ACCEPT: lambda: _("the result was submitted late: it has to be accepted"),
    Way.DECIDE: lambda: _("or: the extension that is asked for is granted"),
    Way.EXTEND: lambda: _("or: an extension is asked for and granted"),
}
