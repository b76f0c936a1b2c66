"""Which departments are marked, how often before, and who keeps whom waiting?"""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from tests.tracking.department_work import NOW, event, owed, person, reader, take_in_work
from tests.tracking.imported import take_in
from tracking.actions.ledger import record
from tracking.actions.progress_lists import draft, issue
from tracking.actions.replies import answer_wait
from tracking.actions.seed import seed
from tracking.models import Department, Event, Task, User
from tracking.models.mark_history import mark_history
from tracking.models.then import Then
from tracking.pages.department import DepartmentPage
from tracking.pages.department_list import DepartmentRow, department_rows
from tracking.rules.events import Kind
from tracking.rules.instants import cut_off, instant_from
from tracking.rules.progress_list import Scope
from tracking.rules.viewpoint import Viewpoint

pytestmark = pytest.mark.django_db
DAY = date(2025, 11, 18)


def now(at: Any = NOW) -> Viewpoint:
    return Viewpoint(at, at, at)


def page_of(code: str, viewpoint: Viewpoint, role: str = "leader") -> DepartmentPage:
    user = User.objects.filter(username=role).first() or person(role, role)
    return DepartmentPage(Department.objects.get(code=code), user, viewpoint)


def by_code(viewpoint: Viewpoint) -> dict[str, DepartmentRow]:
    return {row.department.code: row for row in department_rows(Then.of(viewpoint))}


def said(rows: dict[str, DepartmentRow]) -> dict[str, Any]:
    return {code: (dict(row.card.counts), row.card.reasons) for code, row in rows.items()}


def in_list(viewpoint: Viewpoint) -> dict[str, Any]:
    content = draft(Scope(as_of=viewpoint.as_of, known_at=viewpoint.known_at))
    return {d["code"]: (d["counts"], len(d["reasons"])) for d in content["departments"]}


@pytest.fixture
def work() -> None:
    take_in_work()


def test_departments_are_counted_as_a_list_would_print_them(work: None) -> None:
    for day in (date(2025, 10, 22), date(2025, 11, 11), DAY, date(2025, 12, 31)):
        viewpoint = Viewpoint(cut_off(day), NOW, NOW, chosen=True)
        assert said(by_code(viewpoint)) == in_list(viewpoint)
    assert list(by_code(now())) == ["QLD", "KCB", "VPB"]


def test_as_known_then_is_counted_from_the_ledger_of_then(work: None) -> None:
    late = NOW + timedelta(hours=1)
    q1 = Task.objects.get(code="Q1")
    entry: dict[str, Any] = {"task": q1, "recorded_at": late, "by": "an"}
    record(
        kind=Kind.SUBMITTED, effective_at=NOW - timedelta(days=9), payload={"note": "a"}, **entry
    )
    then = Viewpoint(cut_off(DAY), NOW, late, chosen=True)
    since = Viewpoint(cut_off(DAY), late, late, chosen=True)
    assert by_code(then)["QLD"].mark == "OVERDUE: 1 task"
    assert by_code(since)["QLD"].mark == ""
    assert said(by_code(then)) == in_list(then)
    assert page_of("QLD", then).mark.startswith("OVERDUE: 1 task")
    assert page_of("QLD", since).mark == ""


def test_the_illustrative_portfolios_are_counted_alike_in_sql_and_from_the_ledger() -> None:
    seed(now=instant_from("2026-11-26T09:00:00"), illustrative=True)
    for day in ("2025-08-01", "2025-11-18", "2026-01-15"):
        at = cut_off(date.fromisoformat(day))
        later = at + timedelta(days=400)
        counted = by_code(Viewpoint(at, later, later))
        folded = by_code(Viewpoint(at, later, later + timedelta(days=1)))
        assert {c: row.card for c, row in counted.items()} == {
            c: row.card for c, row in folded.items()
        }


def test_waiting_days_and_extensions_are_those_of_the_tasks(work: None) -> None:
    rows = by_code(now())
    assert rows["QLD"].card.waiting_days == 5 + 17
    assert rows["KCB"].card.waiting_days == 10
    assert rows["KCB"].card.extensions == 3
    assert rows["QLD"].completed == "1/3 (33%)"
    assert rows["QLD"].on_time == "1/3 (33%)"


def test_the_table_says_the_word_and_sorts_names_as_vietnamese_does(work: None) -> None:
    client = reader(person("an", "inspector"))
    with translation.override("vi"):
        page = client.get(
            reverse("tracking:department-list"), {"as_of": "2025-11-18", "sort": "name"}
        )
    text = page.content.decode()
    assert '<strong class="mark"><u>Office QLD</u></strong>' in text
    assert "OVERDUE: 1 task" in text
    assert text.index("Office QLD") < text.index("Office KCB") < text.index("Office VPB")
    assert "as_of=2025-11-18" in text.split("<tbody>")[1]


def test_the_scorecard_judges_and_measures_slippage(work: None) -> None:
    page = page_of("KCB", now())
    assert page.completed_of_due == "0/1 (0%)"
    assert page.slippage.moved == 5 + 5 + 29
    assert (page.slippage.extended, page.serial) == (1, "1/5 (20%)")
    assert {task.task.code for task in page.tasks} == {"K1", "K2", "K3", "K4", "O1"}
    assert page.mark == "OVERDUE: 1 task, at worst 4 days late (2 working days)"


def test_waits_are_shown_on_both_sides_with_the_answer_that_holds(work: None) -> None:
    declared = Event.objects.get(task__code="K1", kind="blocked")
    for minute, answer in enumerate(("confirmed", "disputed")):
        at = NOW + timedelta(minutes=minute)
        answer_wait(event=declared, answer=answer, text="đã gửi", now=at, by="binh")
    later = now(NOW + timedelta(hours=1))
    own, other = page_of("KCB", later), page_of("QLD", later)
    assert [(w.task.code, w.body, w.disputed) for w in own.waits] == [("K1", "Office QLD", True)]
    assert [(w.task.code, w.lead) for w in other.waited_for] == [("K1", "Office KCB")]
    assert [w.body for w in other.waits] == ["Police"]
    assert page_of("QLD", now(NOW + timedelta(seconds=30))).waited_for[0].disputed is False
    earlier = Viewpoint(NOW + timedelta(hours=1), NOW - timedelta(hours=1), NOW)
    assert page_of("QLD", earlier).waited_for[0].answer is None


def test_the_history_tells_how_often_in_succession(work: None) -> None:
    for minute, day in enumerate((9, 11, 12)):
        at = NOW + timedelta(minutes=minute)
        issue(Scope(as_of=date(2025, 11, day), known_at=at), now=at, by="operator")
    page = page_of("QLD", now(NOW + timedelta(hours=1)))
    assert [(row.name, row.mark, row.running) for row in page.history.rows] == [
        ("List 03", "OVERDUE: 1 task", "2nd list running"),
        ("List 02", "OVERDUE: 1 task", ""),
        ("List 01", "", ""),
    ]
    assert page.history.times_marked == 2
    assert page.mark.endswith("3rd list running")


def test_a_superseded_list_counts_until_it_is_superseded(work: None) -> None:
    scope = Scope(as_of=date(2025, 11, 12), known_at=NOW)
    issue(scope, now=NOW, by="operator")
    after = NOW + timedelta(hours=2)
    newer = Scope(as_of=scope.as_of, known_at=after)
    issue(newer, now=after, by="operator", supersedes=1, reason="nhầm")

    def numbers(known_at: Any) -> list[int]:
        asked = {"policy": "overdue", "as_of": DAY, "known_at": known_at}
        return [then.number for then in mark_history("QLD", **asked)]

    assert numbers(NOW + timedelta(hours=1)) == [1]
    assert numbers(after) == [2]
    assert mark_history("NONE", policy="overdue", as_of=DAY, known_at=after) == []


def test_a_department_with_marks_of_its_own_language_is_found_in_the_lists() -> None:
    take_in(
        {
            "format": "progress-plan/1",
            "departments": [
                {"code": 'K2ĐT "x"', "order": 1, "name": {"vi": 'Cục ","tasks":[', "en": ""}}
            ],
            "plans": [{"code": "P", "name": {"vi": "P", "en": "P"}}],
            "tasks": [{"code": "T]", "plan": "P", "title": {"vi": "a"}, "lead": 'K2ĐT "x"'}],
            "events": owed("T]", "11-10"),
        },
        now=NOW,
    )
    issue(Scope(as_of=DAY, known_at=NOW), now=NOW, by="operator")
    then = mark_history('K2ĐT "x"', policy="overdue", as_of=DAY, known_at=NOW)
    assert [(t.marked, t.reasons, t.times_running) for t in then] == [(True, ("T]",), 1)]


def test_what_became_of_a_department_is_linked_both_ways(work: None) -> None:
    new, old = page_of("KCB", now()), page_of("OLD", now())
    assert [d.code for d in new.predecessors] == ["OLD"]
    assert [d.code for d in old.successors] == ["KCB"]
    assert (new.active, old.active, old.tasks) == (True, False, [])
    before = Viewpoint(instant_from("2025-10-20"), NOW, NOW, chosen=True)
    assert [task.task.code for task in page_of("OLD", before).tasks] == ["O1"]


def test_names_of_people_are_for_those_who_may_see_users(work: None) -> None:
    person("binh", "reporter", "QLD")
    address = reverse("tracking:department", args=[Department.objects.get(code="QLD").pk])
    for role, told in (("leader", True), ("inspector", True), ("reporter", False)):
        text = reader(person(role, role, "KCB")).get(address).content.decode()
        assert ("binh" in text) is told
    assert reader(person("clerk", "clerk")).get(address).status_code == 403
    assert reader(person("chi", "operator")).get(f"{address[:-1]}99/").status_code == 404


def test_both_pages_ask_as_often_for_many_rows_as_for_few(
    work: None, django_assert_max_num_queries: Any
) -> None:
    client = reader(person("an", "operator", "QLD"))
    one = reverse("tracking:department", args=[Department.objects.get(code="KCB").pk])
    addresses = [reverse("tracking:department-list"), one]
    addresses += [f"{address}?as_of=2025-11-18&known_at=2025-11-18T11:00" for address in addresses]
    counts = []
    for address in addresses:
        with django_assert_max_num_queries(30) as few:
            assert client.get(address).status_code == 200
        counts.append(len(few))
    _grow()
    for address, count in zip(addresses, counts, strict=True):
        with django_assert_max_num_queries(count):
            assert client.get(address).status_code == 200
    assert "1 to 50 of 83" in client.get(addresses[0]).content.decode()


def _grow() -> None:
    codes = [f"D{number:02}" for number in range(80)]
    tasks = [(f"T-{code}-{n}", code if n else "KCB") for code in codes for n in (0, 1)]
    take_in(
        {
            "format": "progress-plan/1",
            "departments": [
                {"code": code, "order": 50, "name": {"vi": code, "en": code}} for code in codes
            ],
            "tasks": [
                {"code": task, "plan": "02-KH", "title": {"vi": task}, "lead": lead}
                for task, lead in tasks
            ],
            "events": [
                entry
                for task, _lead in tasks
                for entry in (
                    *owed(task, "11-10"),
                    event(task, "blocked", "11-01", on="BCA"),
                    event(task, "extension_granted", "11-02", due_on="2025-11-12"),
                )
            ],
        },
        now=NOW,
    )
