"""Golden files: what was printed before must be printed now, unless UPDATE_EXPECTED=1 says so."""

import copy
import json
import os
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SAMPLE: dict[str, Any] = json.loads((HERE / "sample_content.json").read_text(encoding="utf-8"))

HOSTILE = (
    "<script>alert(1)</script>",
    "=1+1",
    "+84 24 3846",
    "-2",
    "@SUM(A1)",
    "dòng một\ndòng hai\r\n\tdòng ba",
    "\x1b[31mđỏ\x1b[0m\x00\x07",
    "\u202etxet\u202c",
    "Thu\u031b\u0301 tu\u031b\u0323, a\u0302\u0301",
    "Dài " + "x" * 496,
    "\"quoted\" & 'single' {{ brace }} {% tag %} {0}",
    "漢字 và ＡＢＣ",
)


def sample() -> dict[str, Any]:
    """A content of its own for each test to spoil."""
    return copy.deepcopy(SAMPLE)


def hostile(title: str) -> dict[str, Any]:
    """The sample with one text wherever people may write one, in marked places and others."""
    content = sample()
    both = {"vi": title, "en": title}
    for department in content["departments"][:2]:
        department["name"] = both
        for remark in department["remarks"]:
            remark["text"] = title
        for task in department["tasks"]:
            task.update(title=both, product=both)
            task["report"] = {"on": "2025-11-12", "percent": 5, "note": title}
    content["annexes"][0]["rows"][0][0] = both
    content["movements"]["marked"][0]["name"] = both
    return content


def draft(**changes: Any) -> dict[str, Any]:
    """A first list: no number, nothing before it."""
    nothing: dict[str, list[Any]] = {
        "marked": [],
        "unmarked": [],
        "still_marked": [],
        "cancelled": [],
        "reassigned": [],
    }
    return {
        **sample(), "number": None, "previous": None, "supersedes": None,
        "movements": {"since": None, **nothing, "like_for_like": None}, **changes,
    }  # fmt: skip


def assert_expected(name: str, got: bytes) -> None:
    """Compares with the file of that name in expected/, or writes it when asked to."""
    path = HERE / "expected" / name
    if os.environ.get("UPDATE_EXPECTED") == "1":
        path.write_bytes(got)
    assert path.exists(), f"{name} is missing: run the tests once with UPDATE_EXPECTED=1"
    assert got.decode() == path.read_bytes().decode()
