"""What differs between two lists, told over their contents; and the page that says so."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.ledgers import lists
from tests.tracking.admin_people import plan_file, signed_in
from tests.tracking.from_plan_file import facts_of, scope_of
from tests.tracking.imported import take_in
from tests.tracking.test_rules_list import IN_TIME, LATE, department, the_list
from tests.tracking.told import Line, assigned, due
from tracking.actions.ledger import record
from tracking.actions.progress_lists import issue
from tracking.models import ProgressList, Task
from tracking.rules.comparison import Comparison, compare
from tracking.rules.events import Kind
from tracking.rules.instants import instant_from
from tracking.rules.progress_list import Policy, Scope, compose

Json = dict[str, Any]
generated = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def on(day: str, tasks: dict[str, tuple[Line, ...]], **more: Any) -> Json:
    return the_list(tasks, as_of=date.fromisoformat(f"2025-{day}"), **more)


def codes(placed: Any) -> list[str]:
    return [task.line["code"] for task in placed]


def composed(case: tuple[Json, Json]) -> Json:
    plans, question = case
    scope = scope_of(question)
    return compose(scope, facts_of(plans, scope))


@generated
@given(lists())
def test_a_list_does_not_differ_from_itself(case: tuple[Json, Json]) -> None:
    content = composed(case)
    found = compare(content, content)
    assert found.nothing
    assert found.same_policy
    assert found.same_plans
    assert found.both.before == found.both.after


@generated
@given(lists(), lists())
def test_the_other_way_round_added_and_removed_change_places(
    one: tuple[Json, Json], other: tuple[Json, Json]
) -> None:
    a, b = composed(one), composed(other)
    there, back = compare(a, b), compare(b, a)
    assert there.added == back.removed
    assert there.removed == back.added
    assert there.marked == back.unmarked
    assert there.unmarked == back.marked
    assert [(c.code, c.of, c.gained, c.lost) for c in there.changed] == [
        (c.code, c.of, c.lost, c.gained) for c in back.changed
    ]
    assert (there.both.before, there.both.after) == (back.both.after, back.both.before)


@generated
@given(lists(), lists())
def test_every_task_is_in_one_in_the_other_or_in_both(
    one: tuple[Json, Json], other: tuple[Json, Json]
) -> None:
    a, b = composed(one), composed(other)
    found = compare(a, b)
    assert len(found.removed) + found.both.tasks == a["totals"]["in_scope"]
    assert len(found.added) + found.both.tasks == b["totals"]["in_scope"]
    assert sum(found.both.before.values()) == sum(found.both.after.values()) == found.both.tasks


def changed(*more: Line, before: tuple[Line, ...] = LATE) -> frozenset[str]:
    """What differs in T1 between 20 and 27 November."""
    later = on("11-27", {"T1": (*before, *more)})
    (change,) = compare(on("11-20", {"T1": before}), later).changed
    return change.of


@pytest.mark.parametrize(
    ("line", "aspect"),
    [
        (("11-25", "extension_granted", due("12-31")), "due_on"),
        (("11-25", "reassigned", {"lead": "KCB"}), "lead"),
        (("11-25", "requirement_changed", {"required": False}), "required"),
        (("11-25", "paused"), "standing"),
        (("11-25", "blocked", {"on": "BCA"}), "flags"),
    ],
    ids=["another deadline", "another lead", "no longer required", "suspended", "blocked"],
)
def test_each_thing_that_a_task_can_change(line: Line, aspect: str) -> None:
    assert aspect in changed(line)


def test_days_late_alone_are_no_change() -> None:
    """Else every overdue task would differ every week."""
    weeks: dict[str, tuple[Line, ...]] = {
        "T1": (*LATE, ("11-19", "progress_reported", {"percent": 10}))
    }
    assert compare(on("11-20", weeks), on("11-21", weeks)).nothing


def test_before_a_day_and_by_that_day_differ() -> None:
    by, before = assigned("12-31"), assigned("12-31", reading="before")
    (change,) = compare(on("11-20", {"T1": by}), on("11-20", {"T1": before})).changed
    assert change.of == {"due_on"}


def test_departments_newly_marked_and_no_longer() -> None:
    one = on("11-20", {"T1": LATE, "T2": IN_TIME})
    other = on("11-20", {"T1": IN_TIME, "T2": (*LATE, ("11-15", "reassigned", {"lead": "KCB"}))})
    found: Comparison = compare(one, other)
    assert [row["code"] for row in found.marked] == ["KCB"]
    assert [row["code"] for row in found.unmarked] == ["QLD"]
    assert found.still == ()


def test_flags_gained_and_lost() -> None:
    one = on("11-20", {"T1": (*LATE, ("11-15", "blocked", {"on": "BCA"}))})
    other = on("11-20", {"T1": (*LATE, ("11-15", "submitted"))})
    (change,) = compare(one, other).changed
    assert "blocked" in change.lost
    assert "pending_late" in change.gained


def test_another_policy_and_other_plans_are_told() -> None:
    one, other = on("11-20", {"T1": LATE}), on("11-20", {"T1": LATE}, policy=Policy.INCOMPLETE)
    assert not compare(one, other).same_policy
    assert not compare(one, {**one, "every_plan": False, "plans": ["02"]}).same_plans


def test_a_task_printed_under_another_department_has_moved() -> None:
    ended = department("QLD", valid_to=date(2025, 11, 25), successors=("KCB",))
    both = (ended, department("KCB", 2))
    one = on("11-20", {"T1": IN_TIME}, departments=both)
    (change,) = compare(one, on("11-27", {"T1": IN_TIME}, departments=both)).changed
    assert "department" in change.of
    assert "lead" not in change.of


# The page


HERE = "/lists/compare/"
K1, K2 = instant_from("2025-11-18T17:00:00"), instant_from("2025-11-25T17:00:00")


@pytest.fixture
def two() -> tuple[ProgressList, ProgressList]:
    """List 01 marks QLD for T1; before list 02 it is extended and given to KCB."""
    take_in(plan_file(), now=instant_from("2025-11-01T08:00"))
    first, _new = issue(Scope(date(2025, 11, 18), K1), now=K1, by="operator")
    record(
        task=Task.objects.get(code="T1"),
        kind=Kind.EXTENSION_GRANTED,
        payload={"due_on": "2025-12-31", "reading": "by", "reason": "chờ văn bản"},
        effective_at=instant_from("2025-11-20T08:00"),
        recorded_at=instant_from("2025-11-20T08:00"),
        by="operator",
    )
    second, _new = issue(Scope(date(2025, 11, 25), K2), now=K2, by="operator")
    return first, second


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.django_db
def test_the_newest_two_are_compared_where_none_are_asked_for(two: Any) -> None:
    page = text_of(signed_in("clerk").get(HERE))
    assert 'No longer marked <span class="count">1</span>' in page
    assert 'Drug Administration <span class="under">was marked for T1</span>' in page
    assert "<del>10/11/2025</del>" in page
    assert "31/12/2025 (originally 10/11/2025)" in page


@pytest.mark.django_db
def test_with_itself_the_page_finds_nothing(two: Any) -> None:
    assert "say the same of every task" in text_of(signed_in("clerk").get(HERE + "?a=1&b=1"))


@pytest.mark.django_db
def test_an_issued_list_with_now(two: Any) -> None:
    page = text_of(signed_in("leader").get(HERE + "?a=2&b=now"))
    assert 'Newly marked <span class="count">1</span>' in page
    assert '<strong class="mark"><u>Drug Administration</u></strong> – ' in page
    assert '<span class="word">OVERDUE</span>' in page


@pytest.mark.django_db
def test_who_sees_lists_only_is_not_told_of_now(two: Any) -> None:
    page = text_of(signed_in("clerk").get(HERE + "?a=2&b=now"))
    assert "Select a valid choice" in page
    assert "Newly marked" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["a=1&b=99", "a=x&b=2", "a=now&b=now", "a=1"])
def test_what_cannot_be_compared_is_refused_in_a_sentence(asked: str, two: Any) -> None:
    response = signed_in("leader").get(f"{HERE}?{asked}")
    assert response.status_code == 200
    assert '<ul class="faults">' in text_of(response)


@pytest.mark.django_db
def test_the_list_that_is_missing_is_named(two: Any) -> None:
    page = text_of(signed_in("leader").get(f"{HERE}?a=1"))
    assert "<li>To: This field is required.</li>" in page
    assert "<li>From:" not in page


@pytest.mark.django_db
@pytest.mark.parametrize("broken", ["not JSON", "{}", "[]", '{"departments": 7}'])
def test_a_content_that_somebody_broke_is_told(broken: str, two: Any) -> None:
    first, _second = two
    ProgressList.objects.create(
        number=3,
        as_of=first.as_of,
        known_at=first.known_at,
        series="broken",
        content=broken,
        sha256=first.sha256,
        issued_at=K2,
    )
    client = signed_in("leader")
    for asked in ("a=1&b=3", "a=3&b=now"):
        assert "A stored content cannot be read." in text_of(client.get(f"{HERE}?{asked}"))


@pytest.mark.django_db
def test_many_tasks_are_counted_and_shown_on_demand(monkeypatch: Any, two: Any) -> None:
    monkeypatch.setattr("tracking.pages.comparison.SHOWN", 0)
    client = signed_in("leader")
    short = text_of(client.get(HERE))
    assert "Of each part the first 0 tasks are shown." in short
    assert 'Changed tasks <span class="count">1</span>' in short
    assert "Việc một" not in short
    assert "Việc một" in text_of(client.get(f"{HERE}?a=1&b=2&rows=all"))


@pytest.mark.django_db
def test_before_any_list_the_page_says_what_to_do() -> None:
    assert "Fewer than two lists have been issued" in text_of(signed_in("leader").get(HERE))
