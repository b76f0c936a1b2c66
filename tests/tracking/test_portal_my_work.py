"""What does a reporter find to do, and what is one step away?"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from tests.tracking.department_work import NOW, event, owed, person, reader, take_in_work
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.models import Department, Deputation, Event, Task, User
from tracking.pages.my_work import MyWork
from tracking.rules.events import Kind

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work() -> None:
    take_in_work()


def deputize(deputy: User, absent: User, first: date, last: date) -> Deputation:
    assert absent.department is not None
    return Deputation.objects.create(
        deputy=deputy,
        department=absent.department,
        in_place_of=absent,
        valid_from=first,
        valid_to=last,
    )


def found(page: MyWork) -> dict[str, list[str]]:
    return {section.key: [row.task.code for row in section.rows] for section in page.sections}


def row_of(page: MyWork, code: str) -> Any:
    rows = [row for section in page.sections for row in section.rows]
    return next(row for row in rows if row.task.code == code)


def test_every_open_task_of_the_department_stands_in_one_section() -> None:
    kcb = MyWork(person("an", "reporter", "KCB"), NOW)
    assert found(kcb) == {
        "overdue": ["O1"],
        "returned": ["K2"],
        "due": ["K1"],
        "submitted": ["K3"],
        "rest": ["K4"],
    }
    qld = MyWork(person("binh", "reporter", "QLD"), NOW)
    assert found(qld) == {"overdue": ["Q1", "Q2"]}


def test_the_fifteenth_day_ahead_is_not_yet_near() -> None:
    page = MyWork(person("an", "reporter", "KCB"), NOW.replace(day=11))
    assert found(page)["due"] == ["O1", "K2", "K1"]
    page = MyWork(User.objects.get(username="an"), NOW.replace(day=10))
    assert found(page)["due"] == ["O1", "K2"]


def test_what_was_returned_says_why_until_it_is_submitted_again() -> None:
    page = MyWork(person("an", "reporter", "KCB"), NOW)
    assert "Returned on 15/11/2025: thiếu phụ lục" in row_of(page, "K2").notes
    record(
        task=Task.objects.get(code="K2"),
        kind=Kind.SUBMITTED,
        effective_at=NOW,
        recorded_at=NOW,
        by="an",
        payload={"note": "trình lại"},
    )
    page = MyWork(User.objects.get(username="an"), NOW + timedelta(minutes=1))
    assert "K2" in found(page)["submitted"]
    assert not [note for note in row_of(page, "K2").notes if "thiếu phụ lục" in note]


def test_the_next_step_is_one_that_is_legal_now() -> None:
    page = MyWork(person("an", "reporter", "KCB"), NOW)
    assert row_of(page, "K2").next.kind is Kind.SUBMITTED
    assert row_of(page, "K4").next.kind is Kind.PROGRESS_REPORTED
    assert row_of(page, "K3").next is None
    kinds = {step.kind for step in row_of(page, "K1").others}
    assert Kind.UNBLOCKED in kinds
    assert Kind.UNBLOCKED not in {step.kind for step in row_of(page, "K2").others}
    for row in (row_of(page, code) for code in ("K1", "K2", "K3", "K4")):
        assert not [step for step in (*row.others, row.next) if step and step.decision]


def test_a_task_of_an_ended_department_is_shown_but_only_operators_write_on_it() -> None:
    row = row_of(MyWork(person("an", "reporter", "KCB"), NOW), "O1")
    assert (row.next, row.others) == (None, [])
    assert row.notes[0] == "Office OLD has ended: an operator has to reassign the task first."
    row = row_of(MyWork(person("chi", "operator", "KCB"), NOW), "O1")
    assert row.next.kind is Kind.SUBMITTED


def test_waits_that_others_declare_are_asked_of_the_department_waited_for() -> None:
    asked = MyWork(person("binh", "reporter", "QLD"), NOW).asked.rows
    assert [(row.task.code, row.lead, row.wait.days) for row in asked] == [("K1", "Office KCB", 10)]
    assert asked[0].number == Event.objects.get(task__code="K1", kind="blocked").number
    assert MyWork(person("an", "reporter", "KCB"), NOW).asked.rows == []


def test_operators_are_asked_for_the_partners_who_cannot_answer_themselves() -> None:
    asked = MyWork(person("chi", "operator", "VPB"), NOW).asked.rows
    assert [(row.task.code, row.body) for row in asked] == [("Q1", "Police")]


def test_answers_to_requests_are_shown_for_two_weeks() -> None:
    user = person("an", "reporter", "KCB")
    page = MyWork(user, NOW)
    assert [(row.task.code, row.moment.kind) for row in page.answered] == [
        ("K4", "extension refused")
    ]
    assert MyWork(user, NOW + timedelta(days=4)).answered == []


def test_the_mark_is_told_with_its_reasons_and_optional_tasks_are_none() -> None:
    marked = MyWork(person("binh", "reporter", "QLD"), NOW).marked
    assert [(m.department.code, m.mark) for m in marked] == [("QLD", "OVERDUE: 1 task")]
    assert marked[0].reasons[0].startswith("Q1. Việc Q1")


def test_a_deputy_sees_the_department_they_stand_in_for_between_two_dates() -> None:
    deputy, absent = person("an", "reporter", "VPB"), person("binh", "reporter", "QLD")
    deputize(deputy, absent, date(2025, 11, 17), date(2025, 11, 18))
    page = MyWork(deputy, NOW)
    assert page.several
    assert page.places == {"QLD": "binh", "VPB": ""}
    assert found(page)["overdue"] == ["Q1", "Q2"]
    assert row_of(page, "Q1").next.kind is Kind.SUBMITTED
    assert [m.department.code for m in page.marked] == ["QLD"]
    assert found(MyWork(deputy, NOW + timedelta(days=1))) == {"rest": ["V1"]}


def test_the_page_opens_for_those_who_write_and_for_nobody_else() -> None:
    address = reverse("tracking:my-work")
    for role, status in (
        ("operator", 200),
        ("reporter", 200),
        ("leader", 403),
        ("inspector", 403),
        ("clerk", 403),
    ):
        assert reader(person(role, role, "QLD")).get(address).status_code == status


def test_each_step_is_a_link_that_names_its_task() -> None:
    page = reader(person("an", "reporter", "QLD")).get(reverse("tracking:my-work"))
    task = Task.objects.get(code="Q1")
    address = reverse("tracking:take-step", args=[task.pk, "submitted"])
    text = page.content.decode()
    assert f'href="{address}"' in text
    assert '<span class="visually-hidden">: Q1</span>' in text
    department = Department.objects.get(code="QLD")
    assert reverse("tracking:remark", args=[department.pk]) in text
    assert "style=" not in text.split("<main", 1)[1]


def test_somebody_without_a_department_is_told_so() -> None:
    page = reader(person("an", "operator")).get(reverse("tracking:my-work"))
    assert "You write for no department of your own" in page.content.decode()


def test_a_section_that_is_cut_says_how_much_there_is(
    django_assert_max_num_queries: Any,
) -> None:
    client = reader(person("an", "reporter", "QLD"))
    address = reverse("tracking:my-work")
    with django_assert_max_num_queries(25) as few:
        client.get(address)
    codes = [f"M{number:03}" for number in range(120)]
    take_in(
        {
            "format": "progress-plan/1",
            "tasks": [
                {"code": code, "plan": "02-KH", "title": {"vi": code}, "lead": "QLD"}
                for code in codes
            ],
            "events": [
                entry
                for code in codes
                for entry in (
                    *owed(code, "11-10"),
                    event(code, "blocked", "11-01", on="BCA"),
                    event(code, "extension_granted", "11-02", due_on="2025-11-12"),
                )
            ],
        },
        now=NOW,
    )
    with django_assert_max_num_queries(len(few)):
        page = client.get(address)
    assert "The first 50 of 122 are shown." in page.content.decode()
