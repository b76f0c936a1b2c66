"""Whatever small register is written, its file brings it back to an empty portal byte for byte."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from databases.actions.register_import import import_register
from databases.models.party import PartyRole
from databases.register_files.register_export import export_register
from databases.register_files.register_layout import REGISTER
from databases.rules.stage import Stage
from databases.rules.steps import SECURITY_MINUTES, STEP_WORDS
from tests.databases.register_rows import NOW, Json, background, refused, take
from tracking.plan_files.reading import parse
from tracking.rules.canonical import nfc
from tracking.rules.instants import start_of

pytestmark = pytest.mark.django_db

FIRST = date(2024, 12, 30)
# What spreadsheets, browsers and keyboards are known to do to texts.
texts = st.one_of(
    st.text(st.characters(categories=["L", "N", "P", "S", "Zs"]), min_size=1, max_size=12),
    st.sampled_from(["=1+1", "+84", "@a", "'q", "_x000D_", "1", "01", "1.0", "TRUE", "18/11/2025",
                     "2025-11-18", "Có", "dòng một\ndòng hai", "a\r\nb", "a\rb", "\ta", "a\u00a0",
                     "Kết nối", "[1]", "A; B", "\u200bx"]),
).filter(lambda said: said.strip() != "")  # fmt: skip
notes = st.none() | texts
days = st.integers(0, 400).map(lambda number: FIRST + timedelta(days=number))
numbers = st.sampled_from([None, "12/QĐ-BYT"])
actors = st.sampled_from([None, "an", "bình"])


@st.composite
def instants(draw: st.DrawFn, after: date) -> str:
    """Recorded on that day or later, to the microsecond, and before the import."""
    back = timedelta(microseconds=draw(st.integers(0, 30 * 86_400_000_000)))
    return max(NOW - back, start_of(after)).isoformat()


def named(code: str, draw: st.DrawFn) -> Json:
    name = {"vi": draw(texts)} | ({"en": draw(texts)} if draw(st.booleans()) else {})
    return {"code": code, "name": name}


@st.composite
def entered(draw: st.DrawFn, day: date) -> Json:
    return {
        "document": draw(numbers),
        "note": draw(notes),
        "actor": draw(actors),
        "recorded_at": draw(instants(day)),
    }


@st.composite
def stages(draw: st.DrawFn, code: str, interfaces: int) -> Json:
    allowed = [s for s in Stage if s is not Stage.UPGRADING_INTERFACES or interfaces > 1]
    row = {"connection": code, "stage": str(draw(st.sampled_from(allowed)))}
    day = draw(days)
    return row | {"effective_on": day.isoformat()} | draw(entered(FIRST))


@st.composite
def steps(draw: st.DrawFn, code: str) -> Json:
    step, day = draw(st.sampled_from(list(STEP_WORDS))), draw(days)
    ends = day + timedelta(days=draw(st.integers(0, 400))) if step == SECURITY_MINUTES else None
    row = {"connection": code, "step": step, "done_on": day.isoformat()}
    return row | {"expires_on": ends.isoformat() if ends else None} | draw(entered(day))


@st.composite
def parties(draw: st.DrawFn, code: str) -> list[Json]:
    """In each role some periods, one after the other; the last one may go on."""
    rows: list[Json] = []
    for role in PartyRole.values:
        begins, left = draw(days), draw(st.integers(0, 3))
        while left:
            left -= 1
            ends = begins + timedelta(days=draw(st.integers(0, 90)))
            goes_on = not left and draw(st.booleans())
            key, body = draw(st.sampled_from([("department", "QLD"), ("partner", "BCA")]))
            row = {"connection": code, "role": role, key: body, "document": draw(notes)}
            row |= {"valid_from": begins.isoformat()}
            rows.append(row | {"valid_to": None if goes_on else ends.isoformat()})
            begins = ends + timedelta(days=draw(st.integers(1, 30)))
    return draw(st.permutations(rows))


@st.composite
def registers(draw: st.DrawFn) -> Json:
    """A legal `database-register/1` object of one to three databases."""
    counterparts = [named("DC", draw) | {"owner": "BCA"}, named("DVC", draw)]
    content: Json = {"format": REGISTER.format, "counterparts": counterparts}
    content |= {name: [] for name in REGISTER.sections if name != "counterparts"}
    for number in range(draw(st.integers(1, 3))):
        _add_database(draw, content, f"D;{number}")
    return content


def _add_database(draw: st.DrawFn, content: Json, code: str) -> None:
    row = named(code, draw) | {
        "owner": draw(st.sampled_from(["QLD", "KCB"])),
        "operator": draw(notes),
        "host": draw(notes),
        "security_level": draw(st.none() | st.integers(1, 5)),
        "placeholder": draw(st.booleans()),
        "note": draw(notes),
    }
    content["databases"].append(row)
    for counterpart in draw(st.lists(st.sampled_from(["DC", "DVC"]), unique=True)):
        link = f"{code}-{counterpart}"
        task = draw(st.sampled_from([None, "T1"]))
        content["connections"].append(
            {"code": link, "database": code, "counterpart": counterpart, "task": task}
        )
        count = draw(st.integers(0, 2))
        content["interfaces"] += [
            named(f"{link}-{n}", draw) | {"connection": link} for n in range(count)
        ]
        content["stages"] += draw(st.lists(stages(link, count), max_size=3))
        content["steps"] += draw(st.lists(steps(link), max_size=3))
        content["parties"] += draw(parties(link))


@contextmanager
def empty_portal() -> Iterator[None]:
    with transaction.atomic():
        background()
        yield
        transaction.set_rollback(True)


def clear(content: Json) -> bool:
    """Whether no two records of a connection say the same, or were entered in one instant."""
    entered_at = [
        (section, row["connection"], row["recorded_at"])
        for section in ("stages", "steps")
        for row in content[section]
    ]
    return len(set(entered_at)) == len(entered_at)


quick = settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.slow
@given(registers().map(nfc))
@quick
def test_a_register_comes_back_byte_for_byte(content: Json) -> None:
    with empty_portal():
        take(content)
        books = {name: export_register(name) for name in ("r.xlsx", "r.json")}
        assert take(content).nothing
        assert take(books["r.xlsx"]).nothing
        assert {name: export_register(name) for name in books} == books
    for name, data in books.items():
        with empty_portal():
            import_register(parse(name, data, REGISTER), now=NOW, by="khác")
            assert {name: export_register(name) for name in books} == books


@pytest.mark.slow
@given(registers().filter(clear).map(nfc), st.data())
@quick
def test_no_file_changes_what_was_recorded(content: Json, data: st.DataObject) -> None:
    rows = [(s, n) for s in ("stages", "steps") for n in range(len(content[s]))]
    if not rows:
        return
    section, number = data.draw(st.sampled_from(rows))
    key = data.draw(st.sampled_from(["note", "actor", "document"]))
    other = {"note": "khác hẳn", "actor": "chi", "document": None}[key]
    with empty_portal():
        take(content)
        before = export_register("r.json")
        changed = {**content, section: [dict(row) for row in content[section]]}
        if changed[section][number][key] == other:
            other = "12/QĐ-BYT"
        changed[section][number][key] = other
        (told,) = refused(changed)
        assert "history is neither changed nor deleted" in told
        assert export_register("r.json") == before
