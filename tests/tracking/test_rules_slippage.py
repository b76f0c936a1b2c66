"""How far have extensions moved the work, and who extends again and again?"""

from datetime import date

from tests.tracking.told import LATER, START, Line, assigned, at, due, story
from tracking.rules.calendar import WorkingCalendar
from tracking.rules.deadline_history import DeadlineStep, deadline_history
from tracking.rules.slippage import slippage

GRANT = "extension_granted"


def told(*lines: Line) -> list[DeadlineStep]:
    return deadline_history(story(*assigned(), *lines), start=START, at=LATER)


def moved(*lines: Line, calendar: WorkingCalendar | None = None) -> int:
    return slippage(1, [told(*lines)], calendar or WorkingCalendar()).moved


def test_an_extension_moves_by_the_working_days_between_the_two_last_days() -> None:
    assert moved(("11-03", GRANT, due("11-17"))) == 5
    assert moved(("11-03", GRANT, due("11-16"))) == 4
    holiday = WorkingCalendar({date(2025, 11, 12): False})
    assert moved(("11-03", GRANT, due("11-17")), calendar=holiday) == 4


def test_before_a_day_moves_one_day_less_than_by_it() -> None:
    assert moved(("11-03", GRANT, due("11-14", reading="before"))) == 3


def test_a_reduction_takes_nothing_back_and_the_same_day_is_no_extension() -> None:
    assert moved(("11-03", GRANT, due("11-17")), ("11-04", GRANT, due("11-10"))) == 5
    assert slippage(1, [told(("11-03", GRANT, due("11-10")))], WorkingCalendar()).extended == 0


def test_three_extensions_make_a_task_one_that_is_extended_again_and_again() -> None:
    days = ("11-11", "11-12", "11-13")
    twice = told(*(("11-03", GRANT, due(day)) for day in days[:2]))
    thrice = told(*(("11-03", GRANT, due(day)) for day in days))
    found = slippage(4, [twice, thrice], WorkingCalendar())
    assert (found.tasks, found.extended, found.serial, found.moved) == (4, 2, 1, 5)
    assert found.average == 1.25


def test_nothing_owed_is_nothing_moved() -> None:
    assert slippage(0, [], WorkingCalendar()).average == 0.0


def test_the_first_date_of_an_undated_task_is_no_extension() -> None:
    lines = (*assigned(None), ("11-03", GRANT, due("11-17")))
    history = deadline_history(story(*lines), start=START, at=at("11-20"))
    assert slippage(1, [history], WorkingCalendar()).moved == 0
