"""The right of reply: a remark is printed while one of its tasks is a reason, and never changes
a mark."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.tracking.imported import take_in
from tests.tracking.test_progress_lists import plan_file
from tests.tracking.test_rules_list import DONE, LATE, department, the_list, under
from tracking.actions.progress_lists import draft, issue
from tracking.actions.verification import verify
from tracking.models import Department, Remark
from tracking.renderers import render
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import RemarkFacts, Scope

ANSWER = RemarkFacts("QLD", date(2025, 11, 18), ("T1", "T2"), "Chờ Bộ Công an thống nhất.")


def answered(**tasks: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = under(the_list(tasks, remarks=(ANSWER,)), "QLD")["remarks"]
    return found


def test_a_remark_is_printed_while_one_of_its_tasks_is_a_reason() -> None:
    printed = {"on": "2025-11-18", "tasks": ["T1", "T2"], "text": ANSWER.text}
    assert answered(T1=LATE, T2=DONE) == [printed]
    assert answered(T1=DONE, T2=LATE) == [printed]
    assert answered(T1=DONE, T2=DONE) == []
    assert answered(T3=LATE) == []


def test_a_remark_changes_neither_mark_nor_reasons_nor_counts() -> None:
    with_it = under(the_list({"T1": LATE}, remarks=(ANSWER,)), "QLD")
    without = under(the_list({"T1": LATE}), "QLD")
    assert {**with_it, "remarks": []} == without


def test_the_remark_of_a_department_that_ended_stands_under_its_successor() -> None:
    ended = department("QLD", valid_to=date(2025, 11, 19), successors=("KCB",))
    departments = (ended, department("KCB", 2))
    content = the_list({"T1": LATE}, departments=departments, remarks=(ANSWER,))
    assert [r["text"] for r in under(content, "KCB")["remarks"]] == [ANSWER.text]


K = instant_from("2025-11-19T17:00")
SCOPE = Scope(as_of=date(2025, 11, 19), known_at=K)


def given(at: str, *tasks: str, text: str = "Đang hoàn thiện.") -> Remark:
    qld = Department.objects.get(code="QLD")
    return Remark.objects.create(
        department=qld, tasks=list(tasks), text=text, recorded_at=instant_from(at), actor="qld"
    )


def texts(scope: Scope) -> list[str]:
    return [r["text"] for d in draft(scope)["departments"] for r in d["remarks"]]


@pytest.mark.django_db
def test_a_list_prints_what_was_answered_by_its_day_and_known_then() -> None:
    take_in(plan_file())
    given("2025-11-18T09:00", "T1")
    assert texts(SCOPE) == ["Đang hoàn thiện."]
    assert texts(Scope(as_of=date(2025, 11, 17), known_at=K)) == []
    assert texts(Scope(as_of=SCOPE.as_of, known_at=instant_from("2025-11-18T08:59"))) == []


@pytest.mark.django_db
def test_an_issued_list_keeps_its_remarks_and_is_verified_with_them() -> None:
    take_in(plan_file())
    given("2025-11-18T09:00", "T1")
    issued, _new = issue(SCOPE, now=K, by="nhic")
    given("2025-11-20T09:00", "T1", text="Sau khi phát hành.")
    assert verify(issued) == []
    # Somebody puts other words into the department's mouth.
    content = issued.as_content()
    content["departments"][0]["remarks"][0]["text"] = "Đã hoàn thành."
    issued.content = json.dumps(content, ensure_ascii=False)
    assert any("remarks" in sentence for sentence in verify(issued))


@pytest.mark.django_db
def test_a_list_issued_before_there_were_remarks_still_verifies() -> None:
    take_in(plan_file())
    issued, _new = issue(SCOPE, now=K, by="nhic")
    content = issued.as_content()
    for row in content["departments"]:
        del row["remarks"]
    issued.content = json.dumps(content)
    assert not any("remarks" in sentence for sentence in verify(issued))


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_a_remark() -> None:
    take_in(plan_file())
    remark = given("2025-11-18T09:00", "T1")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Remark.objects.filter(pk=remark.pk).update(text="khác")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Remark.objects.filter(pk=remark.pk).delete()


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["text", "html", "json"])
def test_remarks_stand_under_the_reasons(form: str) -> None:
    take_in(plan_file())
    given("2025-11-18T09:00", "T1", text="Chờ <b>Bộ Công an</b>.")
    printed = render(draft(SCOPE), format=form, language="en").decode()
    assert "Chờ <b>Bộ Công an</b>." in printed or "Chờ &lt;b&gt;Bộ Công an&lt;/b&gt;." in printed
    assert form == "text" or "<b>Bộ" not in printed or form == "json"
