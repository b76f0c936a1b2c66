"""The bytes and the hash of a list."""

import hashlib
import json
import math
import unicodedata
from copy import deepcopy
from typing import Any

import pytest

from tests.tracking.test_rules_list import LATE, the_list
from tracking.rules.canonical import canonical, nfc, sha256_of

CONTENT = the_list({"T1": LATE})


def test_keys_are_sorted_at_every_depth_and_nothing_is_spaced() -> None:
    given = {"b": {"d": [{"z": 1, "y": 2}], "c": None}, "a": True}
    assert canonical(given) == b'{"a":true,"b":{"c":null,"d":[{"y":2,"z":1}]}}'


def test_keys_are_sorted_by_code_point() -> None:
    assert canonical({"đ": 1, "z": 2, "Z": 3, "\U0001d538": 4, "\uffee": 5}) == (
        '{"Z":3,"z":2,"đ":1,"\uffee":5,"\U0001d538":4}'.encode()
    )


def test_letters_are_written_as_they_are_and_not_escaped() -> None:
    assert canonical({"a": "Cục Quản lý Dược"}) == '{"a":"Cục Quản lý Dược"}'.encode()


def test_keys_are_normalized_too() -> None:
    decomposed = unicodedata.normalize("NFD", "đơn vị")
    assert canonical({decomposed: 1}) == canonical({"đơn vị": 1})


@pytest.mark.parametrize(
    "value",
    [0.0, -0.0, 1.0, 1e300, 5e-324, math.pi],
    ids=repr,
)
@pytest.mark.parametrize("wrap", [lambda v: v, lambda v: [v], lambda v: {"b": [{"c": v}]}])
def test_floats_are_refused_wherever_they_stand(wrap: Any, value: float) -> None:
    with pytest.raises(TypeError):
        canonical({"a": wrap(value)})


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf], ids=repr)
def test_what_is_no_number_is_refused_and_never_written_as_null(value: float) -> None:
    with pytest.raises(TypeError):
        canonical({"a": [value]})


def test_normalizing_refuses_floats_too() -> None:
    with pytest.raises(TypeError):
        nfc({"a": [math.nan]})


@pytest.mark.parametrize("value", [b"x", {1, 2}, object(), 1 + 2j], ids=type)
def test_what_is_no_json_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical({"a": value})


def test_a_number_is_no_key() -> None:
    with pytest.raises(TypeError):
        canonical({1: "a"})  # type: ignore[dict-item]


def test_the_order_of_keys_changes_nothing() -> None:
    turned = dict(reversed(CONTENT.items()))
    assert canonical(turned) == canonical(CONTENT)
    assert sha256_of(turned) == CONTENT["sha256"]


def test_the_order_of_rows_enters_the_hash() -> None:
    assert sha256_of({"a": [1, 2]}) != sha256_of({"a": [2, 1]})


def test_anybody_can_check_the_hash_with_a_standard_library() -> None:
    rest = {key: value for key, value in CONTENT.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(text.encode()).hexdigest() == CONTENT["sha256"]


@pytest.mark.parametrize("key", sorted(set(CONTENT) - {"sha256"}))
def test_every_key_but_the_hash_enters_the_hash(key: str) -> None:
    changed = deepcopy(CONTENT) | {key: "something else"}
    assert sha256_of(changed) != CONTENT["sha256"]
    assert sha256_of({k: v for k, v in CONTENT.items() if k != key}) != CONTENT["sha256"]


def test_the_stated_hash_does_not_enter_the_hash() -> None:
    assert sha256_of(CONTENT | {"sha256": "0" * 64}) == CONTENT["sha256"]


def test_the_same_facts_give_the_same_bytes() -> None:
    assert canonical(the_list({"T1": LATE})) == canonical(CONTENT)
    assert canonical(json.loads(canonical(CONTENT))) == canonical(CONTENT)


def test_a_list_names_no_clock() -> None:
    assert not {"issued_at", "generated_at", "printed_at", "now"} & set(CONTENT)
