"""The drawings of the overview: what they show, in words, and the same as tables."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from tracking.models.course import month_ends, overdue_at
from tracking.models.tally import Tally
from tracking.models.then import Then
from tracking.pages.task_words import day_text
from tracking.renderers import charts_heat, charts_stacked
from tracking.renderers.charts import NARROW, WIDE, Chart, Key, TableRow
from tracking.renderers.charts_heat import HeatRow, Month
from tracking.renderers.charts_stacked import Bar
from tracking.renderers.words import counted, number_text, share_text, word
from tracking.rules.instants import day_of

MOST = 30  # departments in a drawing
MONTHS = 12


def standings_chart(then: Then, tallied: Mapping[str, Tally], language: str) -> Chart:
    """Departments × standing: those with the most overdue tasks first."""
    ranked = [code for code in then.departments if code in tallied]
    ranked.sort(key=lambda code: -tallied[code].overdue)
    shown = {code: tallied[code] for code in ranked[:MOST]}
    departments = then.departments
    bars = [_bar(departments[code].name, tally, language) for code, tally in shown.items()]
    legend = [
        Key(kind, word(kind, language), charts_stacked.hatch_of(kind))
        for kind in charts_stacked.ORDER
    ]
    return Chart(
        name="standings",
        title=_("How the tasks of each department stand"),
        says=_standings_say(tallied, language),
        wide=charts_stacked.drawn(bars, WIDE),
        narrow=charts_stacked.drawn(bars, NARROW),
        heads=_standings_heads(legend),
        rows=[
            _row(then, code, _numbers(tally, language), tally, language)
            for code, tally in shown.items()
        ],
        legend=legend,
        note=most_of(len(shown), len(ranked), language),
    )


def _standings_heads(legend: Sequence[Key]) -> list[str]:
    names = [key.name for key in legend]
    return [_("Department"), *names, _("Tasks"), _("Completed of those due")]


def _row(then: Then, code: str, cells: Sequence[str], tally: Tally, language: str) -> TableRow:
    department = then.departments[code]
    return TableRow(department.name, cells, department.pk, mark_of(tally, language))


def mark_of(tally: Tally, language: str) -> str:
    """The word with the number of tasks; "" for a department that is not marked."""
    tasks = counted(tally.reasons, "task", language)
    return f"{word('mark_overdue', language)}: {tasks}" if tally.marked else ""


def _bar(name: str, tally: Tally, language: str) -> Bar:
    parts = [
        (kind, number, number_text(number, language), f"{word(kind, language)}: {number}")
        for kind in charts_stacked.ORDER
        if (number := tally.standings[kind])
    ]
    return Bar(name, tally.in_scope, number_text(tally.in_scope, language), parts)


def _numbers(tally: Tally, language: str) -> list[str]:
    return [
        *(number_text(tally.standings[kind], language) for kind in charts_stacked.ORDER),
        number_text(tally.in_scope, language),
        share_text(tally.completed_of_due, tally.due, language),
    ]


def _standings_say(tallied: Mapping[str, Tally], language: str) -> str:
    numbers = {
        "departments": len(tallied),
        "tasks": sum(tally.in_scope for tally in tallied.values()),
        "overdue": sum(tally.overdue for tally in tallied.values()),
        "late": sum(tally.overdue > 0 for tally in tallied.values()),
    }
    said = {key: number_text(number, language) for key, number in numbers.items()}
    return (
        _(
            "Tasks: %(tasks)s, of departments: %(departments)s. Overdue: %(overdue)s; departments "
            "with an overdue task: %(late)s."
        )
        % said
    )


def most_of(shown: int, count: int, language: str) -> str:
    """What is left out of a drawing is said; "" when nothing is."""
    if shown == count:
        return ""
    numbers = {"shown": number_text(shown, language), "count": number_text(count, language)}
    return (
        _(
            "Drawn: the %(shown)s departments with the most overdue tasks, of %(count)s. All of "
            "them stand in the table of departments."
        )
        % numbers
    )


def heat_chart(then: Then, tallied: Mapping[str, Tally], language: str) -> Chart:
    """Department × month: those with the most overdue tasks now first."""
    ends = month_ends(then, MONTHS)
    found = overdue_at(then, ends)
    ranked = _ranked(then, found)
    shown = ranked[:MOST]
    rows = [_heat_row(then, code, found, language) for code in shown]
    months = list(_months(ends))
    now = {code: tallied.get(code, Tally()) for code in shown}
    return Chart(
        name="heat",
        title=_("Overdue tasks of each department, month by month"),
        says=_heat_says(found, ends, language),
        wide=charts_heat.drawn(months, rows, WIDE),
        narrow=charts_heat.drawn(months, rows, NARROW),
        heads=[_("Department"), *(f"{end:%m/%Y}" for end in ends[:-1]), day_text(then.day)],
        rows=[
            _row(then, code, [said for _number, said in row.cells], now[code], language)
            for code, row in zip(shown, rows, strict=True)
        ],
        note=most_of(len(shown), len(ranked), language),
        empty=_("No task was overdue at the end of any of these months."),
    )


def _ranked(then: Then, found: Sequence[Counter[str]]) -> list[str]:
    """Departments that were ever late, protocol order within the same numbers."""
    ever = [code for code in then.departments if any(month[code] for month in found)]
    return sorted(ever, key=lambda code: (-found[-1][code], -sum(m[code] for m in found)))


def _heat_row(then: Then, code: str, found: Sequence[Counter[str]], language: str) -> HeatRow:
    cells = [(month[code], number_text(month[code], language)) for month in found]
    return HeatRow(then.departments[code].name, cells)


def _months(ends: Sequence[datetime]) -> Iterator[Month]:
    year = ""
    for end in ends:
        day: date = day_of(end)
        begins = f"{day:%Y}" if f"{day:%Y}" != year else ""
        year = f"{day:%Y}"
        yield Month(f"{day:%m}", begins)


def _heat_says(found: Sequence[Counter[str]], ends: Sequence[datetime], language: str) -> str:
    worst = max(range(len(found)), key=lambda n: found[n].total())
    words = {
        "now": number_text(found[-1].total(), language),
        "day": day_text(day_of(ends[-1])),
        "most": number_text(found[worst].total(), language),
        "worst": day_text(day_of(ends[worst])),
    }
    return (
        _(
            "Overdue at the end of each month; the last column is of %(day)s: %(now)s. The most "
            "were overdue on %(worst)s: %(most)s."
        )
        % words
    )
