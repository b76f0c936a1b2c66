"""What does a plan file change, and what does it refuse? Through the import, as JSON."""

import re

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ledgers import illegal_plan_files
from tests.tracking.plan_rows import (
    NOW,
    Json,
    counts,
    event,
    last_line,
    plan_file,
    refused,
    take,
    task,
)
from tracking.actions.progress_lists import draft, issue
from tracking.models import Department, Event, Partner, Task
from tracking.plan_files.export import plan_content
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db


def test_a_file_writes_what_it_says() -> None:
    changes = take(plan_file())
    assert (len(changes.added), changes.changed, changes.events) == (8, [], 2)
    stored = Task.objects.get()
    assert (stored.plan.code, stored.first_lead.code, stored.first_required) == ("KH", "QLD", True)
    assert [e.kind for e in Event.objects.all()] == ["assigned", "deadline_set"]


def test_importing_twice_changes_nothing() -> None:
    file = plan_file()
    take(file)
    content = plan_content()
    assert take(file).nothing
    assert plan_content() == content


def test_what_is_inside_a_payload_is_recognized() -> None:
    inner = {"sha256": "ab", "name": "biên bản", "a": {"zz": 1, "b": True}}
    evidence = event("evidence_recorded", "2025-07-01", x=inner)
    file = plan_file(events=[event("assigned", "2025-06-20"), evidence])
    take(file)
    assert take(file).nothing


def test_the_same_event_twice_in_a_file_is_written_once() -> None:
    first = event("progress_reported", "2025-07-01", percent=5, note="x")
    changes = take(plan_file(events=[event("assigned", "2025-06-20"), first, dict(first)]))
    assert changes.events == 2


def test_texts_are_kept_in_one_form() -> None:
    composed, decomposed = "Kế hoạch", "Kế hoạch"
    take(plan_file(plans=[{"code": "KH", "name": {"vi": decomposed}}]))
    assert take(plan_file(plans=[{"code": "KH", "name": {"vi": composed}}])).nothing


def test_events_need_not_be_sorted_and_number_as_in_the_file() -> None:
    kinds = ["accepted", "assigned", "submitted"]
    days = ["2025-07-02", "2025-06-20", "2025-07-01"]
    take(plan_file(events=[event(*step) for step in zip(kinds, days, strict=True)]))
    numbered = Event.objects.order_by("number").values_list("number", "kind")
    assert list(numbered) == list(enumerate(kinds, start=1))


def test_at_one_instant_the_order_of_the_file_holds() -> None:
    rows = plan_file()["events"]
    (sentence,) = refused(plan_file(events=rows[::-1]))
    assert "deadline_set: the task is not assigned yet" in sentence


def test_what_a_file_leaves_out_is_left_alone() -> None:
    take(plan_file())
    changes = take({"format": "progress-plan/1", "plans": [{"code": "KH", "name": "Tên mới"}]})
    assert len(changes.changed) == 1
    assert counts()["Task"] == 1


def test_a_dry_run_tells_and_writes_nothing() -> None:
    before = counts()
    changes = take(plan_file(), dry_run=True)
    assert changes.events == 2
    assert counts() == before


UNKNOWN: dict[str, Json] = {
    "plan": plan_file(tasks=[task(plan="X")]),
    "lead": plan_file(tasks=[task(lead="X")]),
    "document": plan_file(tasks=[task(document="X")]),
    "parent": plan_file(tasks=[task(parent="X")]),
    "coordinating": plan_file(tasks=[task(coordinating=["KCB", "X"])]),
    "succeeded_by": plan_file(
        departments=[{"code": "QLD", "name": {"vi": "Cục"}, "succeeded_by": "X"}]
    ),
    "task": plan_file(events=[event("assigned", "2025-06-20", task="X")]),
    "on": plan_file(
        events=[event("assigned", "2025-06-20"), event("blocked", "2025-06-21", on="X", reason="")]
    ),
    "new lead": plan_file(
        events=[event("assigned", "2025-06-20"), event("reassigned", "2025-06-21", lead="X")]
    ),
    "on_behalf_of": plan_file(events=[event("assigned", "2025-06-20", on_behalf_of="X")]),
}


@pytest.mark.parametrize("key", UNKNOWN)
def test_an_unknown_code_is_told_once_with_its_line(key: str) -> None:
    (sentence,) = refused(UNKNOWN[key])
    assert re.match(r"line [0-9]+: ", sentence)
    assert '"X"' in sentence
    assert key.removeprefix("new ") in sentence


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"lead": "KCB"}, "reassigned"),
        ({"required": False}, "requirement_changed"),
        ({"plan": "K2"}, "another code"),
    ],
)
def test_a_known_task_keeps_lead_requirement_and_plan(change: Json, told: str) -> None:
    plans = [*plan_file()["plans"], {"code": "K2", "name": {"vi": "Kế hoạch 2"}}]
    take(plan_file(plans=plans))
    (sentence,) = refused(plan_file(plans=plans, tasks=[task(**change)]))
    ((key, given),) = change.items()
    assert f'known with {key} "' in sentence
    assert f'says "{given}"' in sentence
    assert told in sentence


def test_a_second_task_with_the_same_code_is_refused() -> None:
    (sentence,) = refused(plan_file(tasks=[task(), task(lead="KCB")]))
    assert "code T1: stands in the file twice" in sentence


def test_one_code_is_not_a_department_and_a_partner() -> None:
    sentences = refused(plan_file(partners=[{"code": "QLD", "name": {"vi": "Bộ"}}]))
    assert any('"QLD" names both a department and a partner' in told for told in sentences)
    assert not Partner.objects.exists()


def test_a_task_is_not_part_of_itself() -> None:
    circle = [task("A", parent="B"), task("B", parent="A"), task("T1")]
    sentences = refused(plan_file(tasks=circle))
    assert all("part of itself" in told for told in sentences)
    assert len(sentences) == 2


ORDERS: dict[str, tuple[list[Json], str]] = {
    "before the assignment": ([event("submitted", "2025-06-19", note="")], "not assigned yet"),
    "assigned twice": ([event("assigned", "2025-07-01")], "assigned already"),
    "two original deadlines": (
        [event("deadline_set", "2025-07-01", due_on="2025-12-01")],
        "grant a new deadline",
    ),
    "acceptance alone": ([event("accepted", "2025-07-01")], "no submission awaits"),
    "after the end": (
        [event("cancelled", "2025-07-01"), event("progress_reported", "2025-07-02", percent=1)],
        "cancelled: nothing can follow",
    ),
    "own submission": (
        [
            event("submitted", "2025-07-01", actor="an", note=""),
            event("accepted", "2025-07-02", actor="an"),
        ],
        "nobody accepts or returns what they submitted",
    ),
    "own request": (
        [
            event("extension_requested", "2025-07-01", actor="an", due_on="2025-12-01"),
            event("extension_granted", "2025-07-02", actor="an", due_on="2025-12-01"),
        ],
        "nobody decides on their own request",
    ),
    "for the lead": (
        [
            event("submitted", "2025-07-01", note=""),
            event("accepted", "2025-07-02", actor="an", on_behalf_of="QLD"),
        ],
        "on behalf of the lead department",
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_an_illegal_order_is_told_with_its_place(name: str) -> None:
    steps, told = ORDERS[name]
    file = plan_file(events=[*plan_file()["events"], *steps])
    (sentence,) = refused(file)
    assert sentence.startswith(f"{last_line(file)}: T1, ")
    assert told in sentence


def test_an_absent_actor_equals_nobody() -> None:
    steps = [event("submitted", "2025-07-01"), event("accepted", "2025-07-02")]
    assert take(plan_file(events=[*plan_file()["events"], *steps])).events == 4


def test_an_event_that_would_undo_a_later_one_is_refused() -> None:
    take(plan_file(events=[*plan_file()["events"], event("submitted", "2025-07-05")]))
    late = event("paused", "2025-07-01", recorded_at="2025-08-01T08:00:00+07:00")
    (sentence,) = refused(plan_file(events=[late]))
    assert "entry 3 of the ledger (submitted" in sentence


def issued(known_at: str) -> None:
    instant = instant_from(known_at)
    issue(Scope(as_of=instant.date(), known_at=instant), now=instant, by="test")


def test_history_is_not_written_behind_an_issued_list() -> None:
    take(plan_file())
    issued("2025-11-18T17:00:00+07:00")
    report = event("progress_reported", "2025-11-18", percent=5)
    (sentence,) = refused(plan_file(events=[report]))
    assert "cannot be written behind a list; give a recorded_at" in sentence
    at_it = report | {"recorded_at": "2025-11-18T17:00:00+07:00"}
    assert len(refused(plan_file(events=[at_it]))) == 1
    after = report | {"recorded_at": "2025-11-18T17:00:00.000001+07:00"}
    assert take(plan_file(events=[after])).events == 1


def test_what_is_known_already_may_lie_behind_an_issued_list() -> None:
    take(plan_file())
    issued("2025-11-18T17:00:00+07:00")
    assert take(plan_file()).nothing


def test_nothing_is_recorded_in_the_future() -> None:
    ahead = event("cancelled", "2026-02-01", reason="trùng")
    (sentence,) = refused(plan_file(events=[*plan_file()["events"], ahead]))
    assert "recorded_at 2026-02-01T08:00:00+07:00 lies after this import" in sentence
    announced = ahead | {"recorded_at": NOW.isoformat()}
    assert take(plan_file(events=[*plan_file()["events"], announced])).events == 3


def test_a_department_renamed_by_succession() -> None:
    take(plan_file())
    renamed = [
        {"code": "QLD", "name": {"vi": "Cục Quản lý Dược"}, "valid_to": "2025-12-31",
         "succeeded_by": "QLD2"},
        {"code": "QLD2", "name": {"vi": "Cục Dược"}, "valid_from": "2026-01-01"},
    ]  # fmt: skip
    take({"format": "progress-plan/1", "departments": renamed})
    old = Department.objects.get(code="QLD")
    assert [d.code for d in old.successors.all()] == ["QLD2"]
    rows = {d["code"]: d for d in draft(scope_on("2026-01-04"))["departments"]}
    assert [t["code"] for t in rows["QLD2"]["tasks"]] == ["T1"]
    before = {d["code"]: d for d in draft(scope_on("2025-12-31"))["departments"]}
    assert [t["code"] for t in before["QLD"]["tasks"]] == ["T1"]


def scope_on(day: str) -> Scope:
    return Scope(as_of=instant_from(day).date(), known_at=NOW)


def test_a_department_does_not_end_before_it_begins() -> None:
    row = {
        "code": "BHYT",
        "name": {"vi": "Vụ"},
        "valid_from": "2025-02-01",
        "valid_to": "2025-01-01",
    }
    (sentence,) = refused(plan_file(departments=[*plan_file()["departments"], row]))
    assert "BHYT: valid_to lies before valid_from" in sentence


def test_a_faulty_row_is_not_told_again_by_what_hangs_on_it() -> None:
    sentences = refused(plan_file(tasks=[task(title=None)]))
    assert [told.partition(": ")[2] for told in sentences] == ["title: is missing: give it"]


def test_a_faulty_event_is_not_told_again_by_those_that_follow_it() -> None:
    rows = [event("assigned", "2025-13-20"), *plan_file()["events"][1:]]
    (sentence,) = refused(plan_file(events=rows))
    assert "is not an instant" in sentence


@given(illegal_plan_files())
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_whatever_breaks_a_rule_is_refused_and_writes_nothing(case: tuple[str, Json]) -> None:
    _rule, file = case
    assert refused(file)
