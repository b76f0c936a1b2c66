"""Which deadlines fall into a month, and which stand in the calendars of a department's people?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, IntegerField, Max, Value, When, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tracking.models import CalendarDay, Department, TaskSituation
from tracking.models.bilingual import reader_language
from tracking.models.registers import registers
from tracking.models.remembered import remembered
from tracking.models.then import Then
from tracking.renderers.ical import Appointment
from tracking.rules.departments import places_taken
from tracking.rules.instants import day_of, start_of
from tracking.rules.standing import Standing
from tracking.rules.viewpoint import Viewpoint

DAY = timedelta(days=1)
SHOWN = 4  # of a day in the table; the others are one link away

WEEKDAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
# The shortest word for each standing, for the cells of a month.
SHORT = {
    Standing.OVERDUE: _("Overdue"),
    Standing.IN_TIME: _("Within deadline"),
    Standing.PAUSED: _("Suspended"),
    Standing.COMPLETED_ON_TIME: _("Completed on time"),
    Standing.COMPLETED_LATE: _("Completed late"),
}
_URGENCY = tuple(SHORT)
_COLUMNS = (
    "task_id",
    "task__code",
    "task__name_vi",
    "task__name_en",
    "lead__code",
    "standing",
    "due_on",
    "end_at",
    "snapshot__deadline",
)


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline that a task has. `last_day` is the last day in time; `lead` prints the task."""

    pk: int
    code: str
    names: Mapping[str, str]
    lead: Department
    standing: str
    last_day: date
    due_on: date
    wording: str

    @property
    def name(self) -> str:
        return self.names[reader_language()]

    @property
    def before(self) -> bool:
        """The order says "before" its date, which is then the first day too late."""
        return self.due_on > self.last_day

    @property
    def word(self) -> Any:
        return SHORT[Standing(self.standing)]

    @property
    def place(self) -> tuple[int, str]:
        return _URGENCY.index(Standing(self.standing)), self.code


@dataclass(frozen=True, slots=True)
class Day:
    """`stated`: what the working calendar says of it, None where it says nothing; `until`: the
    latest date that an order names for this last day, to ask the list of tasks for all of them."""

    on: date
    inside: bool
    stated: CalendarDay | None
    working: bool
    dues: Sequence[Due]
    count: int
    until: date
    mark: str  # "today", "shown" or ""

    @property
    def weekday(self) -> Any:
        return WEEKDAYS[self.on.weekday()]

    @property
    def more(self) -> int:
        return self.count - len(self.dues)


class DeadlineMonth:
    """A month of deadlines as of (T, K), of one department and plan or of all; at most nine
    queries whatever there is."""

    def __init__(
        self, then: Then, viewpoint: Viewpoint, first: date, *, department: str = "", plan: str = ""
    ) -> None:
        self.then = then
        self.viewpoint = viewpoint
        self.first = first
        self.department = department
        self.plan = plan

    @property
    def following(self) -> date:
        return (self.first + 31 * DAY).replace(day=1)

    @property
    def before(self) -> date:
        return (self.first - DAY).replace(day=1)

    @cached_property
    def weeks(self) -> list[list[Day]]:
        """Monday first; whole weeks, so that days of the months around are among them."""
        start = self.first - self.first.weekday() * DAY
        days = [start + n * DAY for n in range(42)]
        weeks = [days[n : n + 7] for n in range(0, 42, 7)]
        return [[self._day(day) for day in week] for week in weeks if week[0] < self.following]

    @property
    def days(self) -> list[Day]:
        """Those of the month on which something is due."""
        return [day for week in self.weeks for day in week if day.count]

    @property
    def count(self) -> int:
        name = ("deadlines counted", self.first, self.department, self.plan)
        return remembered(self.then, name, lambda: sum(day.count for day in self.days))

    @property
    def stated(self) -> list[Day]:
        """The days of the month of which the working calendar says something."""
        return [day for week in self.weeks for day in week if day.inside and day.stated]

    def _day(self, day: date) -> Day:
        inside = self.first <= day < self.following
        stated = self._calendar.get(day)
        nothing: tuple[list[Due], int, date] = ([], 0, day)
        dues, count, until = self._dues.get(day, nothing) if inside else nothing
        return Day(
            on=day,
            inside=inside,
            stated=stated,
            working=stated.working if stated else day.weekday() < 5,
            dues=dues,
            count=count,
            until=until,
            mark=self._mark(day),
        )

    def _mark(self, day: date) -> str:
        if day == day_of(self.viewpoint.now):
            return "today"
        return "shown" if self.viewpoint.chosen and day == self.viewpoint.as_of else ""

    @cached_property
    def _calendar(self) -> dict[date, CalendarDay]:
        span = (self.first - 7 * DAY, self.following + 7 * DAY)
        return {row.day: row for row in CalendarDay.objects.filter(day__range=span)}

    @cached_property
    def _dues(self) -> dict[date, tuple[list[Due], int, date]]:
        """By last day in time: the first few, how many there are, the latest date of an order."""
        found: dict[date, tuple[list[Due], int, date]] = {}
        for due, count, until in self._projected():
            found.setdefault(due.last_day, ([], count, until))[0].append(due)
        for row in self._folded():
            due = self._due(row)
            dues, count, until = found.get(due.last_day, ([], 0, due.due_on))
            found[due.last_day] = ([*dues, due], count + 1, max(until, due.due_on))
        return {
            day: (sorted(dues, key=lambda due: due.place)[:SHOWN], count, until)
            for day, (dues, count, until) in found.items()
        }

    @property
    def _span(self) -> tuple[datetime, datetime]:
        """The ends of deadlines whose last day in time lies in the month: from, and below."""
        return start_of(self.first + DAY), start_of(self.following + DAY)

    @cached_property
    def _leads(self) -> list[str]:
        """Whose tasks are printed under the department asked for."""
        then = self.then
        return [code for code in then.departments if then.place(code) == self.department]

    def _projected(self) -> Iterator[tuple[Due, int, date]]:
        """Two queries when the first is not remembered; names are read each time."""
        leads = tuple(self._leads) if self.department else None
        name = ("deadlines", self.first, leads, self.plan)
        first = remembered(self.then, name, lambda: list(self._first_of_each_day()))
        chosen = {pk: (count, until) for pk, count, until in first}
        rows: Any = self.then.rows.with_standing(self.viewpoint.at)
        for pk, *values in rows.filter(pk__in=chosen or [0]).values_list("pk", *_COLUMNS):
            yield self._read(*values), *chosen[pk]

    def _first_of_each_day(self) -> Iterator[tuple[int, int, date]]:
        """(row, how many there are on its day, the latest date of an order)."""
        since, below = self._span
        rows: Any = self.then.rows.filter(end_at__gte=since, end_at__lt=below)
        if self.department:
            rows = rows.filter(lead__code__in=self._leads)
        if self.plan:
            rows = rows.filter(task__plan__code=self.plan)
        rows = rows.with_standing(self.viewpoint.at)
        ranks = [When(standing=str(s), then=Value(n)) for n, s in enumerate(_URGENCY)]
        rank = Case(*ranks, default=Value(9), output_field=IntegerField())
        of_day = [F("end_at")]
        ranked = rows.annotate(rank=rank).annotate(
            place=Window(RowNumber(), of_day, [F("rank"), F("task__code")]),
            on_that_day=Window(Count("pk"), of_day),
            until=Window(Max("due_on"), of_day),
        )
        shown: Any = ranked.filter(place__lte=SHOWN)
        yield from shown.values_list("pk", "on_that_day", "until")

    def _folded(self) -> Iterator[TaskSituation]:
        since, below = self._span
        for row in self.then.folded:
            if row.end_at is None or not since <= row.end_at < below:
                continue
            if self.department and row.lead.code not in self._leads:
                continue
            if not self.plan or row.task.plan.code == self.plan:
                yield row

    def _due(self, row: Any) -> Due:
        task = row.task
        deadline = row.snapshot["deadline"]
        names = (task.name_vi, task.name_en)
        when = (str(row.standing), row.due_on, row.end_at, deadline)
        return self._read(task.pk, task.code, *names, row.lead.code, *when)

    def _read(self, pk: int, code: str, vi: str, en: str, lead: str, *when: Any) -> Due:
        standing, due_on, end_at, deadline = when
        under = self.then.departments[self.then.place(lead)]
        last_day = day_of(end_at) - DAY
        names = {"vi": vi, "en": en or vi}
        return Due(pk, code, names, under, standing, last_day, due_on, deadline[3])


def appointments(department: Department, now: datetime, speak: str) -> list[Appointment]:
    """The deadlines that this department has to meet, in that language; three queries.

    Completed tasks are left out: a subscribed calendar forgets what the feed no longer holds,
    while one that is told "cancelled" shows them struck through, as if they had been given up."""
    leads = places_taken(department.code, registers().facts, day_of(now))
    rows: Any = TaskSituation.objects.at(now).filter(cancelled=False, completed=False)
    rows = rows.filter(end_at__isnull=False, lead__code__in=leads)
    columns = (*_COLUMNS, "pending", "valid_from", "task__last_recorded_at")
    ordered = rows.with_standing(now).order_by("end_at", "task__code")
    return [_appointment(*row, speak=speak) for row in ordered.values_list(*columns)]


def _appointment(
    pk: int, code: str, vi: str, en: str, lead: str, standing: str, *more: Any, speak: str
) -> Appointment:
    due_on, end_at, deadline, pending, since, recorded_at = more
    moments = [since, recorded_at]
    if standing == Standing.OVERDUE:
        moments.append(end_at)  # since then the standing is another
    address = reverse("tracking:task", args=[pk])
    return Appointment(
        key=f"task-{pk}-deadline-{deadline[2]}",
        code=code,
        title=vi if speak == "vi" else en or vi,
        standing=standing,
        pending=pending,
        last_day=day_of(end_at) - DAY,
        due_on=due_on,
        wording=deadline[3],
        changed_at=max(moments),
        address=f"{settings.BASE_URL.rstrip('/')}{address}",
    )
