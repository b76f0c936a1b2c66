"""Search without accents, order of the Vietnamese alphabet (domain.md 7.3)."""

import unicodedata
from itertools import pairwise

import pytest

from tracking.rules.vietnamese import folded, sort_key

ALPHABET = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y".split()


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def in_order(names: list[str]) -> bool:
    """Whether each comes strictly before the next."""
    return all(one < other for one, other in pairwise(map(sort_key, names)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("HÒA", "hoà"),
        ("Thúy", "Thuý"),
        ("khỏe", "khoẻ"),
        ("Đặng", "dang"),
        ("ĐẶNG", "đặng"),
        ("Ương", "uong"),
        ("Y học cổ truyền", nfd("y hoc co truyen")),
        (nfd("Đường dây nóng"), "Đường dây nóng"),
    ],
)
def test_two_ways_of_typing_are_found_by_each_other(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(("one", "other"), [("Hân", "Hà"), ("Dân", "Tân"), ("K2ĐT", "K3ĐT")])
def test_other_words_stay_other_words(one: str, other: str) -> None:
    assert folded(one) != folded(other)


def test_every_letter_of_the_alphabet_folds_to_plain_ascii() -> None:
    tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    letters = [unicodedata.normalize("NFC", a + t) for a in ALPHABET for t in tones]
    assert all(folded(letter).isascii() for letter in letters)
    assert all(folded(letter.upper()) == folded(letter) for letter in letters)


def test_a_search_folds_what_is_folded_already_to_itself() -> None:
    assert folded(folded("Đơn vị Đặng Thị Đường")) == "don vi dang thi duong"


def test_the_letters_stand_in_the_order_of_the_alphabet() -> None:
    assert in_order(ALPHABET)


def test_d_with_a_stroke_comes_after_every_d() -> None:
    names = ["Da", "Dương", "Dy", "Đa", "Đỗ", "E"]
    assert in_order(names)


@pytest.mark.parametrize("letter", ["a", "ă", "â", "e", "ê", "i", "o", "ô", "ơ", "u", "ư", "y"])
def test_the_tones_stand_in_the_order_of_dictionaries(letter: str) -> None:
    tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    words = [unicodedata.normalize("NFC", f"m{letter}{tone}") for tone in tones]
    assert in_order(words)


def test_letters_decide_before_tones() -> None:
    names = ["mạ a", "má b", "ma c"]
    assert in_order(names)


def test_a_shorter_name_comes_before_the_longer_one_that_begins_with_it() -> None:
    names = ["An", "An Bình", "Anh", "Ánh"]
    assert in_order(names)


def test_the_names_of_the_domain_stand_as_a_vietnamese_collation_puts_them() -> None:
    names = ["An", "Ánh", "Ăn", "Ân", "Bình", "Dũng", "Dương", "Đặng", "Đinh", "Đỗ"]
    assert in_order(names)


def test_capitals_and_decomposed_letters_sort_like_their_equals() -> None:
    assert sort_key("ĐẶNG") == sort_key("đặng") == sort_key(nfd("Đặng"))
