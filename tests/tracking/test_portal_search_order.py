"""The order of what is found, against a second reading in plain Python; on either database."""

import unicodedata
from collections.abc import Iterator

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from tracking.models import Plan
from tracking.models.found import found
from tracking.rules.searching import question_of
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
    as_typed = grade(accents(f"{code} {name} "), accents(question).split())
    rank = 4 + (grade(plain, words) or 0) if as_typed is None else 1 + as_typed
    if plain.startswith(f"{folded(question)} "):
        rank = 0
    return rank, folded(question) not in plain, code.encode()


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(rows, asked)
def test_the_order_is_that_of_a_second_reading(plans: list[tuple[str, str]], text: str) -> None:
    named = dict(plans)
    expected = [(code, place(code, name, question_of(text).text)) for code, name in named.items()]
    ordered = sorted((spot, code) for code, spot in expected if spot is not None)
    with transaction.atomic():
        for code, name in named.items():
            Plan.objects.create(code=code, name_vi=name)
        answer = list(found(Plan.objects.all(), question_of(text)))
        transaction.set_rollback(True)
    assert [plan.code for plan in answer] == [code for _spot, code in ordered]
    assert all(plan.of_all == len(answer) for plan in answer)  # type: ignore[attr-defined]
