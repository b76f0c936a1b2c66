"""What a hostile reading of the portal found: held here so that it does not come back."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.tracking.department_work import NOW, person, reader, take_in_work
from tracking.actions.progress_lists import draft, issue
from tracking.forms.deadlines import DeadlineForm
from tracking.models import Department, Remark, SavedView
from tracking.pages.department import DepartmentPage
from tracking.pages.my_work import MyWork
from tracking.rules.instants import cut_off
from tracking.rules.progress_list import Scope
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATER = NOW + 10 * DAY
WORD = "con đường dài 2026"


def times_in_a_list(code: str, view: Viewpoint) -> int:
    content = draft(Scope(as_of=view.as_of, known_at=view.known_at))
    return int(next(d["times_running"] for d in content["departments"] if d["code"] == code))


def mark_on_the_page(code: str, view: Viewpoint) -> str:
    department = Department.objects.get(code=code)
    return DepartmentPage(department, person("leader", "leader"), view).mark


@pytest.mark.parametrize("superseded", [False, True])
def test_a_page_counts_the_lists_running_as_the_list_of_its_day_does(superseded: bool) -> None:
    """Also where the list before was issued, or superseded, after the instant of knowledge."""
    take_in_work()
    scope = Scope(as_of=date(2025, 11, 15), known_at=NOW)
    first, _new = issue(scope, now=LATER if not superseded else NOW, by="an")
    if superseded:
        again = Scope(as_of=scope.as_of, known_at=LATER)
        issue(again, now=LATER, by="an", supersedes=first.number, reason="sót")
    at = cut_off(date(2025, 11, 18))
    view = Viewpoint(at, NOW + HOUR, LATER + DAY, chosen=True)
    times = times_in_a_list("QLD", view)
    assert times == (1 if superseded else 2)
    assert ("2nd list running" in mark_on_the_page("QLD", view)) == (times == 2)


@pytest.mark.parametrize("page", ["task-list", "department-list", "list-archive"])
@pytest.mark.parametrize("count", ["-1", "0", "-999999999999999999999", "x", ""])
def test_no_address_says_how_many_rows_a_page_has(page: str, count: str) -> None:
    take_in_work()
    address = reverse(f"tracking:{page}")
    answer = reader(person("leader", "leader")).get(f"{address}?per_page={count}&page=2")
    assert answer.status_code in (200, 404)


def test_no_address_shows_every_department_at_once() -> None:
    take_in_work()
    address = reverse("tracking:department-list")
    table = reader(person("leader", "leader")).get(f"{address}?per_page=1").context["table"]
    assert len(table.page.object_list) == 3


@pytest.mark.parametrize("field", ["due_on", "period_from"])
@pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999", "31/12/1999"])
def test_a_deadline_outside_every_calendar_is_told_in_the_form(field: str, day: str) -> None:
    given = {"due_on": "", "reading": "before", "period_days": "", field: day}
    given["period_days"] = "3650" if field == "period_from" else ""
    form = DeadlineForm(given)
    assert not form.is_valid()
    assert set(form.errors) == {field}


@pytest.mark.parametrize("there", ["word", "tracking:nowhere", "ß", "https:word", "//example.org/"])
def test_signing_in_leads_on_wherever_it_was_asked_to_lead(there: str) -> None:
    """A word is an address beside this one, not the name of a page."""
    take_in_work()
    leader = person("leader", "leader")
    leader.set_password(WORD)
    leader.save()
    fresh, given = Client(), {"username": "leader", "password": WORD, "next": there}
    answers = [fresh.post(reverse("tracking:sign-in"), given)]
    answers.append(fresh.get(reverse("tracking:sign-in"), {"next": there}))
    assert [answer.status_code for answer in answers] == [302, 302]
    assert all("example.org" not in answer["Location"] for answer in answers)


def test_what_a_department_said_before_it_ended_stands_with_the_one_that_took_over() -> None:
    """As the list prints it, on the page of the department and in the work of its people."""
    take_in_work()
    ended = Department.objects.get(code="OLD")
    given = {"tasks": ["O1"], "recorded_at": NOW, "actor": "binh"}
    Remark.objects.create(department=ended, text="đang bàn giao", **given)
    at = NOW + HOUR
    content = draft(Scope(as_of=at.date(), known_at=at))
    printed = [
        r["text"] for d in content["departments"] if d["code"] == "KCB" for r in d["remarks"]
    ]
    assert printed == ["đang bàn giao"]
    view = Viewpoint(at, at, at)
    reporter = person("chi", "reporter", "KCB")
    page = DepartmentPage(Department.objects.get(code="KCB"), reporter, view)
    assert [remark.text for remark, _tasks in page.remarks] == printed
    said = [marked.remark for marked in MyWork(reporter, at).marked]
    assert [remark and remark.text for remark in said] == printed


def test_a_view_that_is_too_long_once_written_out_is_told_and_not_kept() -> None:
    """An accented letter of an address takes nine signs."""
    take_in_work()
    query = f"text={'ộ' * 1500}&text=x"
    given = {"name": "dài", "query": query}
    answer = reader(person("leader", "leader")).post(reverse("tracking:view-keep"), given)
    assert answer.status_code == 200
    assert "So many filters cannot be kept" in answer.content.decode()
    assert not SavedView.objects.exists()


# One letter typed, two kept: its composed form is none that Unicode keeps.
GROWING = "\u0958"


def test_a_text_that_grows_when_it_is_kept_is_told_to_be_too_long() -> None:
    take_in_work()
    reporter = reader(person("binh", "reporter", "QLD"))
    view = {"name": GROWING * 80, "query": ""}
    answer = reporter.post(reverse("tracking:view-keep"), view)
    assert "At most 80 characters" in answer.content.decode()
    given = {"tasks": ["Q1"], "text": GROWING * 1000}
    page = reverse("tracking:remark", args=[Department.objects.get(code="QLD").pk])
    assert "The text has 2000 characters" in reporter.post(page, given).content.decode()
    assert SavedView.objects.count() + Remark.objects.count() == 0
