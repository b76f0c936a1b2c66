"""Canonical JSON, and Vietnamese searched and sorted."""

import hashlib
import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, strategies as st

from tracking.rules.canonical import canonical, nfc, sha256_of
from tracking.rules.vietnamese import folded, sort_key

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(texts, values, max_size=5))
def test_canonical_json_is_what_the_standard_library_writes(content: dict[str, Any]) -> None:
    plain = json.dumps(nfc(content), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert canonical(content) == plain.encode()


@pytest.mark.parametrize("value", [1.5, 1e20, {"a": [2.0]}, (0.1,)])
def test_a_float_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical({"a": value})


def test_a_number_inside_a_text_is_no_float() -> None:
    assert canonical({"a": "điều:1.5, khoản [2.e"}) == '{"a":"điều:1.5, khoản [2.e"}'.encode()


def test_two_ways_of_typing_a_letter_are_one() -> None:
    typed = unicodedata.normalize("NFD", "Cục Quản lý Dược")
    assert canonical({"name": typed}) == canonical({"name": "Cục Quản lý Dược"})


def test_everything_but_the_hash_enters_the_hash() -> None:
    content = {"b": 1, "a": "đ"}
    assert sha256_of(content) == sha256_of(content | {"sha256": "x"})
    assert sha256_of(content) == hashlib.sha256('{"a":"đ","b":1}'.encode()).hexdigest()
    assert sha256_of(content) != sha256_of(content | {"c": None})


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Đơn vị Đặng Thị Đường", "don vi dang thi duong"),
        ("HÒA", "hoa"),
        ("HOÀ", "hoa"),
        (unicodedata.normalize("NFD", "Khỏe"), "khoe"),
        ("Ưu tiên K2ĐT", "uu tien k2dt"),
    ],
)
def test_searching_ignores_accents_and_d(text: str, term: str) -> None:
    assert folded(text) == term


def test_names_sort_by_the_vietnamese_alphabet_and_the_order_of_tones() -> None:
    names = ["An", "Ánh", "Ăn", "Ân", "Bình", "Dũng", "Dương", "Đặng", "Đinh", "Đỗ"]
    assert sorted(set(names), key=sort_key) == names
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(set(tones), key=sort_key) == tones
    assert sorted(["Cục 10", "Cục 2", "Cục A"], key=sort_key) == ["Cục 10", "Cục 2", "Cục A"]


@given(texts)
def test_a_sort_key_is_plain_ascii(text: str) -> None:
    assert sort_key(text).isascii()
