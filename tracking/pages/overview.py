"""The first page of the portal: what needs attention, from where the reader looks at it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _, ngettext

from tracking.models import Department, Partner
from tracking.models.attention import (
    Disputed,
    Late,
    Queue,
    disputed,
    falling_due,
    reasons,
    requests,
    submissions,
)
from tracking.models.tally import Tally, tallies, total
from tracking.models.then import Then
from tracking.models.waiting import AHEAD_DAYS
from tracking.pages.overview_burn_up import burn_up_chart
from tracking.pages.overview_changes import Changes, changes, last_list, list_before, times_running
from tracking.pages.overview_charts import heat_chart, mark_of, standings_chart
from tracking.renderers.charts import Chart
from tracking.renderers.words import counted, number_text, ordinal_text, share_text, word
from tracking.rules.standing import Standing
from tracking.rules.viewpoint import Viewpoint

MARKED_SHOWN = 40
REASONS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """n/m, and the percent beside it; `query` of the list of tasks behind it, if there is one."""

    name: str
    share: str
    percent: str
    alarming: bool = False
    query: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """`word`: OVERDUE with the number of tasks; `more`: how many reasons are not among these."""

    department: Department
    word: str
    worst: str
    again: str
    reasons: Sequence[Late]
    more: int


@dataclass(frozen=True, slots=True)
class Queued:
    """The first of them, each with its age or with the days that are left, and how many in all."""

    rows: Sequence[tuple[Any, str]]
    count: int

    @property
    def more(self) -> int:
        return self.count - len(self.rows)


class Overview:
    """Some twenty queries, whatever the number of tasks and departments."""

    def __init__(self, viewpoint: Viewpoint, language: str) -> None:
        self.viewpoint = viewpoint
        self.language = language
        self.then = Then.of(viewpoint)

    @cached_property
    def tallied(self) -> Mapping[str, Tally]:
        return tallies(self.then)

    @cached_property
    def whole(self) -> Tally:
        return total(self.tallied)

    @cached_property
    def departments_count(self) -> int:
        """As a list counts them: the active ones, and those that something is printed under."""
        return len(self.then.active() | set(self.tallied))

    @cached_property
    def marked_codes(self) -> list[str]:
        """In protocol order."""
        return [c for c in self.then.departments if c in self.tallied and self.tallied[c].marked]

    @property
    def facts(self) -> Iterator[Fact]:
        whole = self.whole
        overdue = whole.overdue
        yield self._fact(_("Completed of those due"), whole.completed_of_due, whole.due)
        yield self._fact(_("On time of those due"), whole.on_time_of_due, whole.due)
        yield self._fact(
            _("Overdue of all in scope"), overdue, whole.in_scope, overdue > 0, "standing=overdue"
        )
        yield self._fact(_("Departments marked"), len(self.marked_codes), self.departments_count)

    def _fact(
        self, name: str, part: int, whole: int, alarming: bool = False, query: str = ""
    ) -> Fact:
        share, _space, percent = share_text(part, whole, self.language).partition(" ")
        return Fact(name, share, percent.strip("()"), alarming, query)

    @property
    def apart(self) -> str:
        """What the shares leave out."""
        standings = self.whole.standings
        numbers = {
            "tasks": number_text(self.whole.in_scope, self.language),
            "undated": number_text(standings[Standing.NO_DEADLINE], self.language),
            "paused": number_text(standings[Standing.PAUSED], self.language),
        }
        sentence = _(
            "Tasks in scope: %(tasks)s, of them without a deadline %(undated)s, suspended "
            "%(paused)s."
        )
        return sentence % numbers

    @cached_property
    def marked(self) -> list[Marked]:
        """The first of them in protocol order, with their reasons."""
        shown = self.marked_codes[:MARKED_SHOWN]
        found = self._reasons(frozenset(shown))
        times = times_running(self._before)
        return [self._marked(code, found[code], times.get(code, 0) + 1) for code in shown]

    def _reasons(self, shown: frozenset[str]) -> dict[str, list[Late]]:
        """By the department that prints them, which need not be the one that leads them."""
        then = self.then
        leads = [lead for lead in then.departments if then.place(lead) in shown]
        found: dict[str, list[Late]] = defaultdict(list)
        for late in reasons(then, leads, REASONS_SHOWN) if leads and shown else ():
            found[then.place(late.lead.code)].append(late)
        return found

    def _marked(self, code: str, found: Sequence[Late], times: int) -> Marked:
        tally, language = self.tallied[code], self.language
        days = number_text(tally.worst, language)
        again = word("times_running", language).format(times=ordinal_text(times, language))
        return Marked(
            department=self.then.departments[code],
            word=mark_of(tally, language),
            worst=ngettext("at worst %(days)s day late", "at worst %(days)s days late", tally.worst)
            % {"days": days},
            again=again if times > 1 else "",
            reasons=found[:REASONS_SHOWN],
            more=tally.reasons - len(found[:REASONS_SHOWN]),
        )

    @property
    def marked_left_out(self) -> int:
        return len(self.marked_codes) - len(self.marked)

    @cached_property
    def _before(self) -> Mapping[str, Any] | None:
        return list_before(self.viewpoint)

    @cached_property
    def changes(self) -> Changes:
        times = times_running(self._before)
        return changes(self.then, last_list(self.viewpoint), times, self.tallied, self.language)

    @property
    def since_day(self) -> date | None:
        since = self.changes.since
        return date.fromisoformat(since["as_of"]) if since else None

    @cached_property
    def falling_due(self) -> Queued:
        found = falling_due(self.then, self.whole.ahead)
        return self._queued(found, [(row.last_day - self.then.day).days for row in found.rows])

    @property
    def ahead_query(self) -> str:
        """The list of tasks that holds those due within two weeks."""
        first = self.then.day
        return urlencode(
            {
                "standing": str(Standing.IN_TIME),
                "due_from": first.isoformat(),
                "due_to": (first + timedelta(days=AHEAD_DAYS)).isoformat(),
                "sort": "due_on",
            }
        )

    @cached_property
    def submissions(self) -> Queued:
        return self._aged(submissions(self.then, self.whole.pending))

    @cached_property
    def requests(self) -> Queued:
        return self._aged(requests(self.then, self.whole.asked))

    def _aged(self, queue: Queue) -> Queued:
        return self._queued(queue, [(self.then.day - row.since).days for row in queue.rows])

    def _queued(self, queue: Queue, days: Sequence[int]) -> Queued:
        said = [counted(number, "day", self.language) for number in days]
        return Queued(list(zip(queue.rows, said, strict=True)), queue.count)

    @cached_property
    def disputed(self) -> list[tuple[Disputed, str]]:
        """With the name of the body that disputes."""
        found = disputed(self.then)
        others = {wait.on for wait in found} - set(self.then.departments)
        partners = {p.code: p.name for p in Partner.objects.filter(code__in=others)}
        names = {**{c: d.name for c, d in self.then.departments.items()}, **partners}
        return [(wait, names.get(wait.on, wait.on)) for wait in found]

    @cached_property
    def charts(self) -> list[Chart]:
        return [
            standings_chart(self.then, self.tallied, self.language),
            burn_up_chart(self.then, self.whole.in_scope, self.language),
            heat_chart(self.then, self.tallied, self.language),
        ]
