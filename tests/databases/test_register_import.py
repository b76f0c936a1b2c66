"""What does a register file change, and what does it refuse? Through the import, as JSON."""

import re

import pytest

from databases.models import Connection, Database, Interface, Party
from databases.register_files.register_export import register_content
from tests.databases.register_rows import (
    NOW,
    Json,
    background,
    connection,
    counts,
    database,
    of,
    party,
    refused,
    register_file,
    stage,
    step,
    take,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def names() -> None:
    background()


def test_a_file_writes_what_it_says() -> None:
    changes = take(register_file())
    assert (len(changes.added), changes.changed) == (11, [])
    stored = Database.objects.get()
    assert (stored.owner.code, stored.operator, stored.security_level) == ("QLD", "TTYQG", 3)
    linked = Connection.objects.get()
    assert (linked.database.code, linked.counterpart.code) == ("D1", "DC")
    assert linked.task is not None
    assert linked.interfaces.count() == 2
    declared = linked.stage_changes.get()
    assert (declared.stage, declared.actor, declared.recorded_at) == ("upgrading", "an", NOW)
    assert declared.document is not None


def test_importing_twice_changes_nothing() -> None:
    take(register_file())
    content = register_content()
    assert take(register_file()).nothing
    assert take(content).nothing
    assert register_content() == content


def test_a_dry_run_tells_and_writes_nothing() -> None:
    before = counts()
    changes = take(register_file(), dry_run=True)
    assert len(changes.added) == 11
    assert counts() == before


def test_what_changes_is_told_in_the_words_of_the_register() -> None:
    take(register_file())
    changes = take(of(databases=[database(owner="KCB", security_level=None, placeholder=False)]))
    assert changes.added == []
    assert changes.changed == [
        "database D1: owner department: QLD → KCB; security level: 3 → —; placeholder: yes → no"
    ]


def test_what_a_file_leaves_out_is_left_alone() -> None:
    take(register_file())
    before = register_content()
    assert take(of(databases=[{"code": "D1", "name": {"vi": "CSDL D1"}, "owner": "QLD"}])).nothing
    assert take(of()).nothing
    assert register_content() == before


def test_texts_are_kept_in_one_form_and_with_one_kind_of_line_end() -> None:
    composed, decomposed = "Kết nối", "Kết nối"
    rows = register_file(databases=[database(note=f" {decomposed}\r\nhai ")])
    take(rows)
    assert Database.objects.get().note == f"{composed}\nhai"
    Database.objects.update(note=f"{composed}\r\nhai")
    assert take(rows).nothing
    assert take(register_content()).nothing


def test_the_ends_of_a_connection_and_of_an_interface_stay() -> None:
    take(register_file())
    other = register_file(
        databases=[*register_file()["databases"], database("D2")],
        connections=[connection(database="D2", counterpart="DVC"), connection("K2", database="D2")],
        interfaces=[{"code": "G1", "connection": "K2", "name": {"vi": "Giao diện 1"}}],
    )
    told = refused(other)
    assert len(told) == 3
    assert 'known with database "D1", the file says "D2"' in told[0]
    assert 'known with counterpart "DC", the file says "DVC"' in told[1]
    assert 'known with connection "K1", the file says "K2"' in told[2]


def test_a_database_and_a_counterpart_are_connected_once() -> None:
    (told,) = refused(register_file(connections=[connection(), connection("K2")]))
    assert "K2: K1 connects that database and that counterpart already" in told


UNKNOWN: dict[str, Json] = {
    "owner": register_file(databases=[database(owner="X")]),
    "partner": register_file(parties=[party("owner", "2025-01-01", partner="X")]),
    "department": register_file(parties=[party("owner", "2025-01-01", department="X")]),
    "database": register_file(connections=[connection(), connection("K2", database="X")]),
    "counterpart": register_file(connections=[connection(), connection("K2", counterpart="X")]),
    "task": register_file(connections=[connection(task="X")], interfaces=[]),
    "connection": register_file(steps=[step("tested", "2025-01-01", of="X")]),
    "document": register_file(stages=[stage("planned", "2025-01-01", document="X")]),
}


@pytest.mark.parametrize("key", UNKNOWN)
def test_an_unknown_code_is_told_once_with_its_line(key: str) -> None:
    (told,) = refused(UNKNOWN[key])
    assert re.match(rf'line [0-9]+: {key} "X" is ', told)


def test_a_faulty_row_is_not_told_again_by_what_hangs_on_it() -> None:
    rows = register_file(connections=[connection(task=5)])
    (told,) = refused(rows)
    assert 'task "5": is not a code' in told


@pytest.mark.parametrize(
    ("sections", "told"),
    [
        ({"databases": [database(security_level=6)]}, "is not a whole number from 1 to 5"),
        ({"databases": [database(security_level=True)]}, "is not a whole number from 1 to 5"),
        ({"databases": [database(owner=None)]}, "owner: is missing"),
        ({"databases": [database(), database()]}, "stands in the file twice"),
        ({"databases": [database(size=5)]}, "size: is not known here"),
        ({"stages": [stage("done", "2025-01-01")]}, "is not a stage: the stages are planned, "),
        ({"stages": [stage("planned", "01/01/2025")]}, "is not a date"),
        ({"steps": [step("signed", "2025-01-01")]}, "is not a step: the steps are scope_agreed, "),
        ({"steps": [step("tested", "2027-01-01")]}, "the day lies ahead"),
        ({"steps": [step("security_minutes", "2025-01-01")]}, "give the last day of it"),
        ({"steps": [step("tested", "2025-01-01", expires_on="2026-01-01")]}, "only security min"),
        ({"parties": [party("user", "2025-01-01")]}, "the roles are owner, operator, carrier"),
        ({"parties": [party("owner", "2025-01-01", department=None)]}, "names nobody"),
        ({"parties": [party("owner", "2025-01-01", department="QLD", partner="BCA")]}, "leave one"),
        ({"parties": [party("owner", "2025-02-01", valid_to="2025-01-01")]}, "lies before"),
        ({"parties": [party("owner", "2025-01-01")] * 2}, "in the file twice, first at line"),
    ],
)
def test_each_fault_of_a_row_is_told_with_its_line(sections: Json, told: str) -> None:
    said = refused(register_file(**sections))
    assert len(said) == 1, said
    assert re.match(r"line [0-9]+: ", said[0])
    assert told in said[0]


def test_every_fault_is_told_in_one_run_in_the_order_of_the_file() -> None:
    rows = register_file(
        databases=[database(owner="X"), database("D2", security_level=9)],
        steps=[step("tested", "2027-01-01"), step("tested", "2025-01-01", of="K9")],
        parties=[party("owner", "2025-03-01", valid_to="2025-01-01")],
    )
    told = refused(rows)
    lines = [int(said.split(":")[0].removeprefix("line ")) for said in told]
    assert lines == sorted(lines)
    # What hangs on the faulty database cannot be judged yet.
    for part in ('owner "X"', "from 1 to 5", 'connection "K9"', "lies before"):
        assert sum(part in said for said in told) == 1, part


def test_a_period_may_be_ended_and_another_begin_in_one_file() -> None:
    take(register_file())
    rows = [
        party("owner", "2025-03-01", valid_to="2026-01-31"),
        party("owner", "2026-02-01", department="KCB", document="Biên bản"),
    ]
    changes = take(of(parties=rows))
    assert changes.added == ["party K1: owner: KCB, 01/02/2026 –"]
    assert changes.changed == ["party K1: owner: QLD, 01/03/2025 – → QLD, 01/03/2025 – 31/01/2026"]
    assert take(of(parties=rows)).nothing


@pytest.mark.parametrize(
    ("begins", "ends", "overlaps"),
    [
        ("2026-01-01", None, True),
        ("2026-01-02", None, False),
        ("2025-02-01", "2025-02-28", False),
        ("2025-02-01", "2025-03-01", True),
        ("2025-02-01", None, True),
    ],
)
def test_two_parties_in_one_role_on_one_day_are_refused(
    begins: str, ends: str | None, overlaps: bool
) -> None:
    take(register_file())
    rows = of(parties=[party("carrier", begins, valid_to=ends)])
    if overlaps:
        (told,) = refused(rows)
        assert "let the one end before the other begins" in told
        assert Party.objects.count() == 2
    else:
        assert len(take(rows).added) == 1


def test_a_party_is_corrected_by_its_first_day() -> None:
    take(register_file())
    changes = take(of(parties=[party("owner", "2025-03-01", partner="BCA", department=None)]))
    assert changes.changed == ["party K1: owner: QLD, 01/03/2025 – → BCA, 01/03/2025 –"]
    assert Party.objects.get(role="owner").department is None


def test_interfaces_are_renamed_and_added() -> None:
    take(register_file())
    rows = [
        {"code": "G1", "connection": "K1", "name": {"vi": "Mới"}},
        {"code": "G3", "connection": "K1", "name": {"vi": "Giao diện 3"}},
    ]
    changes = take(of(interfaces=rows))
    assert changes.added == ["interface G3"]
    assert changes.changed == ["interface G1: name in Vietnamese: Giao diện 1 → Mới"]
    assert Interface.objects.count() == 3
