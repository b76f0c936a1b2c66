"""The order of what is found, against a second reading in plain Python; on either database, and
however few are looked at."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tracking.models import Department, Plan, Task
from tracking.models.found import found, found_tasks
from tracking.rules.searching import Question, question_of
from tracking.rules.vietnamese import folded

pytestmark = pytest.mark.django_db

WORDS = [
    "hòa",
    "hoà",
    "hóa",
    "hoa",
    "Hoa",
    "HÒA",
    "dược",
    "được",
    "Dược",
    "ĐƯỢC",
    "duoc",
    "siêuhoa",
    "hoàn",
    "Hoan",
]
SIGNS = ["100%", "a_b", "(hoa)", "x/dược", "kh-hoa", "'", '"', "\\", "VNeID", "[a]", "?", "T.1"]
texts = st.lists(st.sampled_from(WORDS + SIGNS), min_size=1, max_size=4).map(" ".join)
asked = st.one_of(texts, texts.map(str.lower), texts.map(lambda t: unicodedata.normalize("NFD", t)))
rows = st.lists(st.tuples(st.sampled_from(["T1", "T-2", "ĐA06", "t1", "hoa"]), texts), max_size=6)


STARTS, ENDS = ("", *" /(-"), ("", *" ,.;:!?/)\"'-")


def accents(text: str) -> str:
    return unicodedata.normalize("NFC", text.lower())


def another(word: str) -> str:
    """The tone on the other of the two vowels that the word ends in; itself where it has none."""
    ways = {"òa": "oà", "oà": "òa", "óa": "oá", "oá": "óa"}
    return word[:-2] + ways.get(word[-2:], word[-2:])


def stands(text: str, word: str) -> Iterator[tuple[bool, bool]]:
    """Whether it begins and ends a word, wherever it stands; written the other way it must end
    one, since "hoàn" is not "hòan"."""
    for at in range(len(text)):
        ends = text[at + len(word) :][:1] in ENDS
        if text.startswith(word, at) or (ends and text.startswith(another(word), at)):
            yield text[max(at - 1, 0) : at] in STARTS, ends


def grade(text: str, words: list[str]) -> int | None:
    """0 where all stand as whole words, 1 at beginnings, 2 anywhere, None where one does not."""
    spots = {word: list(stands(text, word)) for word in words}
    if not all(spots.values()):
        return None
    if all(any(begins and ends for begins, ends in found) for found in spots.values()):
        return 0
    return 1 if all(any(begins for begins, _e in found) for found in spots.values()) else 2


def place(code: str, name: str, question: str) -> tuple[int, bool, bytes] | None:
    """Where the row stands among those found; None if it is not found."""
    plain, words = folded(f"{code} {name} "), folded(question).split()
    if grade(plain, words) is None:
        return None
    if len(folded(question)) < 2 and folded(code) != folded(question):
        return None
    # Words that differ only in their accents are one word, as it was typed first.
    typed = {folded(word): accents(word) for word in reversed(question.split())}
    as_typed = grade(accents(f"{code} {name} "), list(typed.values()))
    rank = 4 + (grade(plain, words) or 0) if as_typed is None else 1 + as_typed
    if plain.startswith(f"{folded(question)} "):
        rank = 0
    return rank, folded(question) not in plain, code.encode()


generated = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
ALL = 100


def ordered(named: dict[str, str], question: Question) -> list[str]:
    """Codes of those found, the likeliest first."""
    expected = [(place(code, name, question.text), code) for code, name in named.items()]
    return [code for _spot, code in sorted((at, code) for at, code in expected if at is not None)]


@generated
@given(rows, asked)
def test_the_order_is_that_of_a_second_reading(plans: list[tuple[str, str]], text: str) -> None:
    named = dict(plans)
    with rolled_back():
        for code, name in named.items():
            Plan.objects.create(code=code, name_vi=name)
        answer = found(Plan.objects.all(), question_of(text), ALL)
        first = found(Plan.objects.all(), question_of(text), 2)
    assert [plan.code for plan in answer.rows] == ordered(named, question_of(text))
    assert (answer.count, answer.more) == (len(answer.rows), False)
    assert (first.rows, first.count) == (answer.rows[:2], answer.count)


codes = st.sampled_from(["T1", "T-2", "ĐA06", "DA06", "t1", "hoa", "a_b", "x", "T1.2", "Hòa"])
many = st.lists(st.tuples(codes, texts), max_size=9, unique_by=lambda row: row[0])
any_question = st.one_of(asked, codes, st.sampled_from(["t", "x", "o", "ho", "a_", "0%", "đ", "'"]))


@generated
@given(many, any_question, st.integers(1, 10), st.integers(1, 10))
def test_few_that_are_looked_at_are_the_first_and_the_code_asked_for(
    tasks: list[tuple[str, str]], text: str, most: int, early: int
) -> None:
    """`early`: so many are read without the index."""
    named, question = dict(tasks), question_of(text)
    fitting = [code for code in named if place(code, named[code], question.text) is not None]
    looked_at = fitting
    if len(fitting) > most:
        asked_for = [code for code in fitting if folded(code) == question.code]
        looked_at = list(dict.fromkeys((*fitting[:most], *asked_for)))
    with rolled_back(), bounds(most, early):
        fill(named)
        answer = found_tasks(Task.objects.all(), question, ALL)
    expected = ordered({code: named[code] for code in looked_at}, question)
    assert [task.code for task in answer.rows] == expected
    assert (answer.count, answer.more) == (min(len(fitting), most), len(fitting) > most)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def bounds(most: int, early: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("tracking.models.found.MOST", most)
        patch.setattr("tracking.models.pieces.EARLY", early)
        patch.setattr("tracking.models.pieces._kept", {})
        yield


def fill(named: dict[str, str]) -> None:
    plan = Plan.objects.create(code="02-KH", name_vi="Kế hoạch")
    lead = Department.objects.create(code="QLD", name_vi="Cục Quản lý Dược", order=1)
    for code, name in named.items():
        Task.objects.create(code=code, name_vi=name, plan=plan, first_lead=lead)
