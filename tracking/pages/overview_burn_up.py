"""Completed against planned over time: the points that are drawn, and what they say."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import accumulate

from django.utils.translation import gettext as _

from tracking.models.course import planned_and_done
from tracking.models.then import Then
from tracking.pages.task_words import day_text
from tracking.renderers import charts_burn_up
from tracking.renderers.charts import NARROW, WIDE, Chart, Drawing, Key, TableRow
from tracking.renderers.charts_burn_up import Point, Words
from tracking.renderers.words import number_text, share_text

_DAY = timedelta(days=1)
_POINTS = 40
_MONTHS = (1, 3, 12, 60)


def burn_up_chart(then: Then, in_scope: int, language: str) -> Chart:
    """To the day on which the last task is due, or the day looked from where that is later."""
    planned, done = planned_and_done(then)
    points = _points(planned, done, then.day)
    reached = [point for point in points if point.done is not None]
    words = _words(points, reached, language)
    empty = Drawing(0, 0)
    return Chart(
        name="burn-up",
        title=_("Completed against planned"),
        says=_says(points, reached, language),
        wide=charts_burn_up.drawn(points, words, WIDE) if planned else empty,
        narrow=charts_burn_up.drawn(points, words, NARROW) if planned else empty,
        heads=[_("By the end of"), _("Planned"), _("Completed"), _("Completed of planned")],
        rows=[_row(point, language) for point in points] if planned else [],
        legend=[
            Key("planned", _("planned: due by then"), line=True),
            Key("done", _("completed by then"), line=True),
        ],
        note=_undated(in_scope - planned.total(), language),
        empty=_("No task has a deadline."),
    )


def _points(planned: Counter[date], done: Counter[date], today: date) -> list[Point]:
    days = [*planned, *(day for day in done if day <= today)]
    first = min([*days, today]) - _DAY
    last = max([*planned, today])
    marks = sorted({first, today, last, *_marks(first, last)})
    due, made = _sums(planned), _sums(done)
    return [Point(day, due(day), made(day) if day <= today else None) for day in marks]


def _sums(counter: Counter[date]) -> Callable[[date], int]:
    """How many by the end of that day?"""
    days = sorted(counter)
    sums = [0, *accumulate(counter[day] for day in days)]
    return lambda day: sums[bisect_right(days, day)]


def _marks(first: date, last: date) -> list[date]:
    """The ends of weeks, months, quarters or years between: not more than can be drawn."""
    if (last - first).days <= _POINTS * 7:
        sunday = first + (6 - first.weekday()) * _DAY
        return [sunday + n * 7 * _DAY for n in range((last - sunday).days // 7 + 1)]
    span = (last.year - first.year) * 12 + last.month - first.month
    months = next((m for m in _MONTHS if span <= _POINTS * m), 120)
    return [day for day in _month_ends(first, last, months) if first < day < last]


def _month_ends(first: date, last: date, months: int) -> Iterator[date]:
    number = first.year * 12 + first.month - 1
    number -= number % months
    while True:
        number += months
        year, month = divmod(number, 12)
        if year > last.year or date(year, month + 1, 1) > last:
            return
        yield date(year, month + 1, 1) - _DAY


def _words(points: Sequence[Point], reached: Sequence[Point], language: str) -> Words:
    now, end = reached[-1], points[-1]
    assert now.done is not None  # reached
    return Words(
        today=day_text(now.day),
        planned=_("planned: %(number)s") % {"number": number_text(now.planned, language)},
        done=_("completed: %(number)s") % {"number": number_text(now.done, language)},
        end=_("%(number)s by %(day)s")
        % {"number": number_text(end.planned, language), "day": day_text(end.day)},
        ticks=[(day, f"{day:%m/%Y}") for day in _first_days(points[0].day, end.day)],
        scale=[
            (n, number_text(n, language))
            for n in scale(max(end.planned, *(point.done or 0 for point in points)))
        ],
    )


def _first_days(first: date, last: date) -> Iterator[date]:
    """Of the months, or of every so manieth month where there are many."""
    span = (last.year - first.year) * 12 + last.month - first.month
    step = 1 + span // 24
    number = first.year * 12 + first.month
    while date(number // 12, number % 12 + 1, 1) <= last:
        yield date(number // 12, number % 12 + 1, 1)
        number += step
        if number // 12 > last.year:
            return


def scale(most: int) -> list[int]:
    """From 0 in at most six steps of 1, 2 or 5 to at least the most."""
    step, factor = 1, 0
    while step * 5 < most:
        step = (1, 2, 5)[factor % 3] * 10 ** (factor // 3)
        factor += 1
    return [n * step for n in range(-(-max(most, 1) // step) + 1)]


def _row(point: Point, language: str) -> TableRow:
    planned = number_text(point.planned, language)
    if point.done is None:
        return TableRow(day_text(point.day), [planned, "–", "–"])
    share = share_text(point.done, point.planned, language) if point.planned else "–"
    return TableRow(day_text(point.day), [planned, number_text(point.done, language), share])


def _says(points: Sequence[Point], reached: Sequence[Point], language: str) -> str:
    now, end = reached[-1], points[-1]
    words = {
        "day": day_text(now.day),
        "planned": number_text(now.planned, language),
        "done": number_text(now.done or 0, language),
        "all": number_text(end.planned, language),
        "end": day_text(end.day),
    }
    return (
        _(
            "Due by the end of %(day)s: %(planned)s; completed: %(done)s. The last of %(all)s "
            "tasks falls due on %(end)s."
        )
        % words
    )


def _undated(count: int, language: str) -> str:
    if not count:
        return ""
    number = number_text(count, language)
    return _("Tasks without a deadline, not drawn: %(number)s.") % {"number": number}
