"""Every reason that the code can give is a sentence in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from databases.probes import attempt
from databases.probes.egress import Because
from databases.probes.reasons import WORDS, reason_words

ROOT = Path(__file__).parents[2] / "databases"
_GIVERS = {"Failed", "Misconfigured", "Unseen", "Unprepared", "warn", "_say_nothing", "_fail"}
_REASON = re.compile(r"[a-z][a-z_]+")
# Reasons that a change of state has without an attempt that says so are words of the rules.
_PUMP = {"sentinels"}


def _texts(node: ast.AST) -> Iterator[str]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            yield inner.value


def _given(path: Path) -> Iterator[str]:
    """First words of what is raised or warned of, and what is put into a variable `reason`."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            for argument in node.args[: 3 if name.startswith("_") else 1]:
                if name in _GIVERS:
                    yield from _texts(argument)
        if isinstance(node, ast.Assign):
            targets = {name for name in map(_name, node.targets) if name}
            if targets & {"reason", "_REASONS", "_TIMED_OUT", "_CERTIFICATE", "_TLS", "_REFUSALS"}:
                yield from _texts(node.value)


def _name(node: ast.AST) -> str:
    return getattr(node, "id", "")


def _all_given() -> set[str]:
    files = [*ROOT.glob("probes/**/*.py"), *ROOT.glob("pump/*.py")]
    return {word for path in files for word in _given(path) if _REASON.fullmatch(word)}


_BEGINNINGS = {"status_"}  # of a reason that holds a number


def test_every_reason_of_the_code_has_its_words() -> None:
    given = _all_given() | _PUMP
    assert len(given) > 60, "the search finds nothing"
    assert given - WORDS.keys() - _BEGINNINGS == set()


def test_no_words_are_kept_for_what_nobody_says() -> None:
    unused = {word for word in WORDS if not word.startswith("egress_")} - _all_given() - _PUMP
    assert unused == set()


def test_every_refusal_of_the_guard_has_its_words() -> None:
    for because in Because:
        words = reason_words(f"egress_{because}")
        assert words["vi"].startswith("bị chặn: điểm đến ")
        assert words["en"].startswith("held back: the target ")


@pytest.mark.parametrize("status", [101, 302, 404, 599])
def test_every_status_has_its_words(status: int) -> None:
    assert reason_words(f"status_{status}") == {
        "vi": f"trả lời với mã HTTP {status}",
        "en": f"it answered with HTTP status {status}",
    }


def test_a_word_that_is_not_known_stands_for_itself() -> None:
    for word in ("of_an_older_version", "status_9999", ""):
        assert reason_words(word) == {"vi": word, "en": word}


def test_words_are_two_languages_and_fit_where_they_stand() -> None:
    assert len({vi for vi, _ in WORDS.values()}) == len({en for _, en in WORDS.values()})
    assert len({vi for vi, _ in WORDS.values()}) == len(WORDS)
    for reason, (vi, en) in WORDS.items():
        assert len(reason) <= 60
        assert vi != en
        assert en.isascii()
        assert not vi.isascii() or reason == "not_postgres"
        assert not (vi + en).endswith(".")


def test_a_time_out_has_its_own_reason_at_every_depth() -> None:
    assert set(attempt._TIMED_OUT.values()) <= WORDS.keys()
