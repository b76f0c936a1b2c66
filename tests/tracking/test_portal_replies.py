"""A department answers its mark, a body answers a wait; nothing else changes by it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tracking.department_work import NOW, person, reader, take_in_work
from tracking.actions.ledger import record
from tracking.actions.progress_lists import draft, issue
from tracking.actions.refusals import Refused
from tracking.actions.replies import answer_wait, give_remark
from tracking.models import Department, Deputation, Event, Remark, Task, User, WaitAnswer
from tracking.rules.events import Kind
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def work() -> None:
    take_in_work()


def department(code: str) -> Department:
    return Department.objects.get(code=code)


def declared(task: str = "K1") -> Event:
    """The entry that declared what the task waits for now."""
    return Event.objects.filter(task__code=task, kind="blocked").latest("number")


def remark(code: str = "QLD", **changes: Any) -> Remark:
    given: dict[str, Any] = {"tasks": ["Q1"], "text": "đang chờ", "now": NOW, "by": "binh"}
    return give_remark(department=department(code), **(given | changes))


def answer(**changes: Any) -> WaitAnswer:
    given: dict[str, Any] = {"answer": "disputed", "text": "đã gửi", "now": NOW, "by": "binh"}
    return answer_wait(event=declared(), **(given | changes))


def stand_in(deputy: User, absent: User, days: int) -> None:
    """From today until so many days ahead, or for a time that is over already."""
    assert absent.department is not None
    today = day_of(timezone.now())
    Deputation.objects.create(
        deputy=deputy,
        department=absent.department,
        in_place_of=absent,
        valid_from=today - timedelta(days=9),
        valid_to=today + timedelta(days=days),
    )


def to_remark(code: str = "QLD") -> str:
    return reverse("tracking:remark", args=[department(code).pk])


def to_answer() -> str:
    return reverse("tracking:wait-answer", args=[declared().number])


# The actions


def test_a_remark_answers_reasons_and_nothing_else() -> None:
    assert remark().tasks == ["Q1"]
    for changes, told in (
        ({"tasks": ["Q2"]}, "Q2 is not a reason"),
        ({"tasks": ["K1"]}, "K1 is not a reason"),
        ({"tasks": []}, "answers no task"),
        ({"text": "  "}, "the remark is empty"),
        ({"text": "a" * 1001}, "1001 characters"),
        ({"code": "VPB"}, "Office VPB is not marked now"),
    ):
        with pytest.raises(Refused, match=told):
            remark(**changes)
    assert Remark.objects.count() == 1


def test_a_department_answers_for_tasks_that_it_took_over() -> None:
    assert remark("KCB", tasks=["O1"]).tasks == ["O1"]


def test_the_same_reply_twice_is_one_reply() -> None:
    assert remark() == remark(now=NOW + timedelta(seconds=1))
    assert answer() == answer(now=NOW + timedelta(seconds=1))
    assert remark(text="khác").pk != remark().pk
    assert WaitAnswer.objects.count() == 1


def test_a_wait_is_answered_while_it_is_open_and_disputed_with_a_reason() -> None:
    assert answer().answer == "disputed"
    assert answer(answer="confirmed", text="").answer == "confirmed"
    with pytest.raises(Refused, match="with a reason"):
        answer(text=" ")
    with pytest.raises(Refused, match="choose one of the two"):
        answer(answer="maybe")
    with pytest.raises(Refused, match="1001 characters"):
        answer(text="a" * 1001)
    record(
        task=Task.objects.get(code="K1"),
        kind=Kind.UNBLOCKED,
        effective_at=NOW,
        recorded_at=NOW,
        by="an",
        payload={"on": "QLD"},
    )
    with pytest.raises(Refused, match="does not wait for that any more"):
        answer(text="lần nữa", now=NOW + timedelta(minutes=1))


def test_a_wait_that_ended_is_not_answered_by_one_that_began_later() -> None:
    first = Event.objects.filter(task__code="Q1", kind="blocked").earliest("number")
    given: dict[str, Any] = {"answer": "confirmed", "text": "", "now": NOW, "by": "chi"}
    with pytest.raises(Refused, match="does not wait for that any more"):
        answer_wait(event=first, **given)
    assert answer_wait(event=declared("Q1"), **given).event_id == declared("Q1").number


def test_replies_change_no_list() -> None:
    scope = Scope(as_of=date(2025, 11, 18), known_at=NOW)

    def judged() -> list[Any]:
        return [(d["marked"], d["reasons"], d["counts"]) for d in draft(scope)["departments"]]

    before = judged()
    remark()
    answer()
    assert judged() == before


def test_nothing_is_recorded_behind_an_issued_list() -> None:
    issue(Scope(as_of=date(2025, 11, 18), known_at=NOW), now=NOW, by="operator")
    assert remark().recorded_at > NOW
    assert answer().recorded_at > NOW


def test_the_database_refuses_to_change_a_reply() -> None:
    for row in (remark(), answer()):
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).update(text="khác")
        with pytest.raises(DatabaseError), transaction.atomic():
            type(row)._default_manager.filter(pk=row.pk).delete()


# The pages


def statuses(path: str) -> dict[str, int]:
    """Who opens it: role and department -> status."""
    people = {
        "own": ("reporter", "QLD"),
        "other": ("reporter", "KCB"),
        "nobody's": ("reporter", ""),
        "operator": ("operator", "VPB"),
        "leader": ("leader", "QLD"),
        "inspector": ("inspector", "QLD"),
        "clerk": ("clerk", "QLD"),
    }
    found = {}
    for name, (role, code) in people.items():
        client = reader(person(f"{name}{path}", role, code))
        found[name] = client.get(path).status_code
        assert client.post(path, {}).status_code == found[name]
    return found


@pytest.mark.parametrize("path", [to_remark, to_answer])
def test_only_those_who_write_for_the_department_answer_for_it(path: Any) -> None:
    assert statuses(path()) == {
        "own": 200,
        "other": 403,
        "nobody's": 403,
        "operator": 200,
        "leader": 403,
        "inspector": 403,
        "clerk": 403,
    }
    assert not Remark.objects.exists()
    assert not WaitAnswer.objects.exists()


def test_a_remark_stands_on_the_page_of_the_department() -> None:
    client = reader(person("binh", "reporter", "QLD"))
    sent = client.post(to_remark(), {"tasks": ["Q1"], "text": "Chờ <b>kết nối</b>"}, follow=True)
    assert sent.redirect_chain[-1][0] == reverse("tracking:department", args=[department("QLD").pk])
    assert "Chờ &lt;b&gt;kết nối&lt;/b&gt;" in sent.content.decode()
    given = Remark.objects.get()
    assert (given.tasks, given.actor, given.in_place_of) == (["Q1"], "binh", "")


def test_an_answer_stands_beside_the_wait() -> None:
    client = reader(person("binh", "reporter", "QLD"))
    sent = client.post(to_answer(), {"answer": "disputed", "text": "đã gửi 10/11"}, follow=True)
    assert sent.redirect_chain[-1][0] == reverse("tracking:my-work")
    assert "đã gửi 10/11" in sent.content.decode()
    given = WaitAnswer.objects.get()
    assert (given.answer, given.actor, given.in_place_of) == ("disputed", "binh", "")


def test_what_was_typed_is_kept_when_it_is_refused() -> None:
    client = reader(person("binh", "reporter", "QLD"))
    page = client.post(to_remark(), {"tasks": ["Q2"], "text": "đang làm"}).content.decode()
    assert "đang làm</textarea>" in page
    page = client.post(to_answer(), {"answer": "disputed", "text": ""}).content.decode()
    assert "Write why you dispute it." in page
    assert not Remark.objects.exists()
    assert not WaitAnswer.objects.exists()


def test_a_deputy_answers_in_place_of_another_between_the_two_dates_only() -> None:
    absent = person("binh", "reporter", "QLD")
    for name, days, status in (("an", 0, 302), ("chi", -1, 403)):
        deputy = person(name, "reporter", "VPB")
        stand_in(deputy, absent, days)
        client: Client = reader(deputy)
        told = {"tasks": ["Q1"], "text": f"{name} viết"}
        assert client.post(to_remark(), told).status_code == status
        assert client.post(to_answer(), {"answer": "confirmed"}).status_code == status
    given, answered = Remark.objects.get(), WaitAnswer.objects.get()
    assert (given.actor, given.in_place_of) == ("an", "binh")
    assert (answered.actor, answered.in_place_of) == ("an", "binh")


def test_partners_are_answered_for_by_operators() -> None:
    path = reverse("tracking:wait-answer", args=[declared("Q1").number])
    assert reader(person("an", "reporter", "QLD")).get(path).status_code == 403
    client = reader(person("chi", "operator"))
    assert client.post(path, {"answer": "confirmed"}).status_code == 302


def test_a_department_that_is_not_marked_is_told_so() -> None:
    client = reader(person("dung", "reporter", "VPB"))
    page = client.get(to_remark("VPB"))
    assert "is not marked now" in page.content.decode()
    assert "</textarea>" not in page.content.decode()
    sent = client.post(to_remark("VPB"), {"tasks": ["V1"], "text": "a"})
    assert sent.status_code == 200
    assert not Remark.objects.exists()


def test_an_entry_that_declares_no_wait_is_not_found() -> None:
    number = Event.objects.filter(kind="assigned").values_list("pk", flat=True)[0]
    client = reader(person("chi", "operator"))
    assert client.get(reverse("tracking:wait-answer", args=[number])).status_code == 404
