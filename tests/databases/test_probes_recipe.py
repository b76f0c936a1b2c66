"""docs/adding-a-probe-kind.md is followed to the letter: the module in it works as it stands."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import pytest

from databases.probes import kinds, prober as prober_module, reasons
from databases.probes.kinds import KINDS
from databases.probes.reasons import reason_words
from tests.databases.probe_attempts import INTERNET, SOON, phases, probed, said
from tests.databases.probe_servers import Serving, Socket, hangs, nobody

RECIPE = Path(__file__).parents[2] / "docs" / "adding-a-probe-kind.md"
MODULE, WORDS = re.findall(r"```python\n(.*?)```", RECIPE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def greeting(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Steps 1 to 3, on a module that lives as long as a test."""
    name = "databases.probes.kinds.greeting"
    module = ModuleType(name)
    monkeypatch.setitem(sys.modules, name, module)
    exec(compile(MODULE, name, "exec"), module.__dict__)
    known = MappingProxyType({**KINDS, "greeting": kinds._kind(module)})
    monkeypatch.setattr(prober_module, "KINDS", known)
    added = ast.literal_eval("{" + WORDS + "}")
    monkeypatch.setattr(reasons, "WORDS", MappingProxyType({**reasons.WORDS, **added}))
    return module


def greets(serving: Serving, connection: Socket) -> None:
    connection.sendall(b"220 service.test ready\r\n")
    connection.recv(1)


def test_the_kind_of_the_recipe_works(greeting: ModuleType) -> None:
    with Serving(greets) as server:
        at: dict[str, Any] = {"host": "127.0.0.1", "port": server.port}
        reading = probed("greeting", at)
        assert said(reading) == "ok - - content"
        assert phases(reading) == "names connect first_byte"
        differs = probed("greeting", at | {"begins": "554"})
    assert said(differs) == "fail greeting_differs theirs content"
    assert reason_words(differs.reason)["en"] == "its greeting is not as agreed"
    assert reason_words(differs.reason)["vi"] == "lời chào khác với thỏa thuận"


def test_it_fails_as_every_other_kind_does(greeting: ModuleType) -> None:
    with Serving(hangs) as server:
        at: dict[str, Any] = {"host": "127.0.0.1", "port": server.port}
        assert said(probed("greeting", at, timeout=SOON)) == "fail timed_out theirs request"
    with nobody() as port:
        assert said(probed("greeting", at | {"port": port})) == "fail refused theirs connect"
    reading = probed("greeting", at, reach=INTERNET)
    assert said(reading) == "config egress_loopback - name"
    assert said(probed("greeting", {"port": 0})) == "config bad_specification - name"


def test_one_that_hangs_up_at_once_does_not_greet(greeting: ModuleType) -> None:
    with Serving(lambda serving, connection: None) as server:
        reading = probed("greeting", {"host": "127.0.0.1", "port": server.port})
    assert said(reading) == "fail greeting_differs theirs content"


def test_the_recipe_names_what_is_there() -> None:
    root = RECIPE.parents[1]
    text = RECIPE.read_text(encoding="utf-8")
    for path in re.findall(r"`((?:databases|tests)/[\w/]+(?:\.py)?)`", text):
        assert (root / path).exists() or path.endswith("greeting.py"), path
    for word in ("require", "settle", "ready_within", "addresses"):
        assert re.search(rf"def {word}\b", "".join(_sources(root))), word
    assert len(re.findall(r"^## \d\. ", text, re.MULTILINE)) == 5


def _sources(root: Path) -> Iterator[str]:
    for path in (root / "databases" / "probes").glob("*.py"):
        yield path.read_text(encoding="utf-8")
