"""How operators keep the ladder of reminders, and where they see who was told of what."""

import pytest
from django.test import Client

from tests.tracking.admin_people import signed_in
from tests.tracking.imported import take_in
from tests.tracking.reminder_people import at, person
from tests.tracking.test_progress_lists import plan_file
from tracking.actions.reminders import make_due_digests
from tracking.models import Reminder, ReminderStep
from tracking.rules.reminders import DEFAULT_LADDER, Audience, Ladder, Measure, Step

pytestmark = pytest.mark.django_db

LADDER = "/admin/tracking/reminderstep/"
TOLD = "/admin/tracking/reminder/"


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def test_without_rows_the_page_shows_the_ladder_that_holds(operator: Client) -> None:
    page = text(operator, LADDER)
    assert "this ladder holds" in page
    assert "50% of the working time is used" in page
    assert "Week 2 overdue, and every week after" in page
    assert "3 working days awaiting verification, and every 5 after" in page


def test_the_default_ladder_is_taken_over_once_and_holds_as_before(operator: Client) -> None:
    operator.post(f"{LADDER}copy/")
    ladder = ReminderStep.objects.all().ladder()
    assert set(ladder.steps) == set(DEFAULT_LADDER.steps)
    page = operator.post(f"{LADDER}copy/", follow=True)
    assert "There are rungs in the register already: change those." in page.content.decode()
    assert ReminderStep.objects.count() == len(DEFAULT_LADDER.steps)


def test_a_rung_is_written_with_boxes_and_holds(operator: Client) -> None:
    values = {"measure": "share", "amount": "75", "to": ["nhic", "reporter"]}
    assert operator.post(f"{LADDER}add/", values).status_code == 302
    step = Step(Measure.SHARE, 75, frozenset({Audience.REPORTER, Audience.NHIC}))
    assert ReminderStep.objects.all().ladder() == Ladder((step,))
    page = text(operator, LADDER)
    assert "this ladder holds" not in page
    assert "75% of the working time is used" in page
    assert "reporters of the lead department, and their deputies; the operators" in page


def test_a_rung_that_tells_nobody_is_switched_off_and_says_so(operator: Client) -> None:
    operator.post(f"{LADDER}add/", {"measure": "due", "amount": "0"})
    assert "nobody: switched off" in text(operator, LADDER)
    assert ReminderStep.objects.all().ladder().steps[0].to == frozenset()


@pytest.mark.parametrize(
    ("measure", "amount", "sentence"),
    [
        ("share", "0", "This is no share of the working time: give 1 to 100 per cent."),
        ("share", "101", "This is no share of the working time: give 1 to 100 per cent."),
        ("due", "3", "The last day in time is one day only: give 0."),
        ("overdue_weeks", "0", "The first week overdue is 1"),
        ("overdue_weeks", "521", "The first week overdue is 1"),
        ("unverified_days", "0", "Give a number of working days from 1 to 250."),
        ("overdue_weeks", "2", "This rung is in the ladder already: change that row."),
    ],
)
def test_a_rung_that_cannot_be_is_refused_in_a_sentence(
    operator: Client, measure: str, amount: str, sentence: str
) -> None:
    ReminderStep.objects.create(measure="overdue_weeks", amount=2, to=["nhic"])
    values = {"measure": measure, "amount": amount, "to": ["reporter"]}
    page = operator.post(f"{LADDER}add/", values)
    assert page.status_code == 200
    assert sentence in page.content.decode()
    assert ReminderStep.objects.count() == 1


def test_an_audience_that_does_not_exist_is_refused(operator: Client) -> None:
    page = operator.post(f"{LADDER}add/", {"measure": "share", "amount": "50", "to": ["minister"]})
    assert page.status_code == 200
    assert not ReminderStep.objects.exists()


def test_those_who_only_look_see_words_and_take_nothing_over() -> None:
    inspector = signed_in("inspector")
    assert "Take it over" not in text(inspector, LADDER)
    assert inspector.post(f"{LADDER}copy/").status_code == 403
    step = ReminderStep.objects.create(measure="share", amount=50, to=["head"])
    page = text(inspector, f"{LADDER}{step.pk}/change/")
    assert "the head of the lead department" in page
    assert "checkbox" not in page


def test_what_was_told_is_listed_in_words_and_found(operator: Client) -> None:
    take_in(plan_file())
    person("head", "", "QLD", head=True)
    make_due_digests(at("11-18"))
    page = text(operator, TOLD)
    assert "week 2 overdue" in page
    assert "10/11/2025" in page
    found = operator.get(TOLD, {"q": "head", "measure": "overdue_weeks"})
    assert {row.person for row in found.context["cl"].result_list} == {"head"}
    row = Reminder.objects.filter(person="head").earliest("pk")
    assert "Reminder: 2 tasks overdue" in text(operator, f"{TOLD}{row.pk}/change/")


def test_a_filter_that_is_no_measure_finds_everything(operator: Client) -> None:
    take_in(plan_file())
    person("head", "", "QLD", head=True)
    make_due_digests(at("11-18"))
    found = operator.get(TOLD, {"measure": "x' OR 1=1"})
    assert found.context["cl"].result_count == Reminder.objects.count() > 0
