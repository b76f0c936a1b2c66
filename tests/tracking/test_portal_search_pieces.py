"""The index over the words of the tasks: it is used, and what is found is the same without it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings, strategies as st

from tracking.models import Department, Plan, Task, TaskSituation
from tracking.models.found import found_tasks
from tracking.models.pieces import MayHold, pieces_of, tasks_led_by, worded
from tracking.rules.instants import instant_from
from tracking.rules.searching import question_of
from tracking.rules.vietnamese import folded

pytestmark = pytest.mark.django_db
only_postgresql = pytest.mark.skipif(
    "sqlite" in connection.vendor, reason="SQLite reads all tasks: it has no such index"
)
generated = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NOW = instant_from("2025-11-20T08:00")
SIGNS = "abcoaàđĐeế012 -/.()%_\\'\"|[]*+?^$"
texts = st.text(SIGNS, min_size=1, max_size=30)


@pytest.fixture
def first() -> dict[str, Any]:
    """What every task has."""
    return {
        "plan": Plan.objects.create(code="02-KH", name_vi="Kế hoạch"),
        "first_lead": Department.objects.create(code="QLD", name_vi="Cục", order=1),
    }


# What the index may hold


def test_pieces_are_of_three_letters_and_of_single_words() -> None:
    assert pieces_of(["lieu", "du", "a b"]) == {"lie", "ieu"}
    assert pieces_of(["100%"]) == {"100", "00%"}
    assert pieces_of([]) == pieces_of(["", "đ"]) == set()


@generated
@given(texts, texts, st.data())
def test_a_task_may_hold_every_piece_of_its_words_and_is_led_by_its_code(
    first: dict[str, Any], code: str, name: str, data: st.DataObject
) -> None:
    with transaction.atomic():
        task = Task.objects.create(code=code, name_vi=name, **first)
        words = [word for word in task.search.split(" ") if word]
        begin = data.draw(st.integers(0, len(word := data.draw(st.sampled_from(words or [""])))))
        piece = word[begin : data.draw(st.integers(begin, len(word)))]
        held = Task.objects.filter(MayHold(pieces_of([piece])))
        led = Task.objects.filter(tasks_led_by(folded(code).partition(" ")[0]))
        assert held.exists()
        assert led.exists()
        transaction.set_rollback(True)


@only_postgresql
@generated
@given(texts)
def test_the_database_takes_a_text_apart_as_the_portal_does(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tracking_pieces(%s)", [text])
        (pieces,) = cursor.fetchone()
    assert set(pieces) == {f" {text.partition(' ')[0]}"} | pieces_of(text.split(" "))


# That it is used


@pytest.fixture
def many(first: dict[str, Any]) -> None:
    Task.objects.bulk_create(
        Task(code=f"T{n}", name_vi=f"Cập nhật bộ dữ liệu {'hiếm' if n == 2_900 else n}", **first)
        for n in range(3_000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tracking_task")


@only_postgresql
@pytest.mark.parametrize("words", ["hiem", "khongco", "hiem du lieu"])
def test_a_word_that_is_rare_is_found_by_the_index(
    words: str, many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_early(monkeypatch, 100)
    with CaptureQueriesContext(connection) as asked:
        found_tasks(Task.objects.all(), question_of(words), 20)
        list(TaskSituation.objects.filter(worded(words.split())).values_list("task"))
    plans = [plan_of(query["sql"]) for query in asked.captured_queries]
    assert sum("tracking_task_pieces" in plan for plan in plans) == 2


@only_postgresql
def test_words_that_stand_everywhere_are_found_without_it(
    many: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    few_early(monkeypatch, 1_500)
    with CaptureQueriesContext(connection) as asked:
        found_tasks(Task.objects.all(), question_of("du lieu"), 20)
    (by_code,) = (q["sql"] for q in asked.captured_queries if "tracking_pieces" in q["sql"])
    assert "'{\" du\"}'" in by_code
    shown = TaskSituation.objects.filter(worded(("du", "lieu")))
    assert "tracking_pieces" not in str(shown.query)


@only_postgresql
def test_words_that_stand_in_many_tasks_are_asked_about_once(
    many: None, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    few_early(monkeypatch, 1_500)
    with django_assert_num_queries(2):  # the last early key, too
        worded(("lieu",))
    with django_assert_num_queries(0):
        worded(("lieu",))
    for _again in range(2):
        with django_assert_num_queries(1):
            worded(("hiem",))


@only_postgresql
def test_the_index_answers_where_tables_must_not_be_read(first: dict[str, Any]) -> None:
    Task.objects.create(code="T1", name_vi="Dữ liệu", **first)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        held = Task.objects.filter(MayHold(pieces_of(["lieu"]))).order_by()
        assert "tracking_task_pieces" in held.explain()
        assert "tracking_task_pieces" in Task.objects.filter(tasks_led_by("t1")).explain()
        assert held.count() == 1


def few_early(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr("tracking.models.pieces.EARLY", count)
    monkeypatch.setattr("tracking.models.pieces._kept", {})
    monkeypatch.setattr("tracking.models.pieces._in_many", set())


def plan_of(query: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {query}")
        return "\n".join(line for (line,) in cursor.fetchall())


# That nothing else is found with it

WORDS = ["du", "lieu", "dulieu", "a", "100%", "a_b", "x", "t1", "1", "kết", "nối"]
titles = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
asked_for = st.lists(
    st.one_of(
        st.sampled_from(WORDS).map(folded), st.sampled_from(["lie", "0%", "_b", "ieu", "zz"])
    ),
    min_size=1,
    max_size=3,
)


@generated
@given(st.lists(titles, max_size=8), asked_for, st.integers(1, 9), st.integers(0, 4))
def test_the_list_of_tasks_shows_the_same(
    first: dict[str, Any], names: list[str], words: list[str], early: int, few: int
) -> None:
    """Whether the index is thought to help or not."""
    with transaction.atomic(), pytest.MonkeyPatch.context() as patch:
        few_early(patch, early)
        patch.setattr("tracking.models.pieces._FEW", few)
        tasks = [
            Task.objects.create(code=f"T{n}", name_vi=name, **first) for n, name in enumerate(names)
        ]
        TaskSituation.objects.bulk_create(situation(task) for task in tasks)
        shown = TaskSituation.objects.filter(worded(words)).values_list("task__code", flat=True)
        expected = [t.code for t in tasks if all(word in t.search for word in words)]
        assert sorted(shown) == sorted(expected)
        transaction.set_rollback(True)


def situation(task: Task) -> TaskSituation:
    no = dict.fromkeys(("cancelled", "completed", "pending", "paused", "asked", "blocked"), False)
    return TaskSituation(
        task=task,
        valid_from=NOW,
        valid_to=NOW + timedelta(days=1),
        lead=task.first_lead,
        required=True,
        extensions=0,
        snapshot={},
        **no,
    )
