"""What does a register file add to the history of connections, and what can it not touch?"""

from datetime import date
from typing import Any

import pytest

from databases.models import StageChange, StepRecord
from databases.register_files.register_export import register_content
from tests.databases.register_rows import (
    NOW,
    Json,
    background,
    of,
    refused,
    register_file,
    stage,
    step,
    take,
)
from tracking.actions.progress_lists import issue
from tracking.rules.instants import MICROSECOND, instant_from
from tracking.rules.progress_list import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def names() -> None:
    background()


def test_upgrading_interfaces_needs_two_interfaces_of_the_register_or_the_file() -> None:
    said = stage("upgrading_interfaces", "2026-01-01")
    (told,) = refused(register_file(stages=[said], interfaces=[]))
    assert "K1 has 0 interface(s) in the register" in told
    assert len(take(register_file(stages=[said])).added) == 11


def test_history_gains_a_row_and_keeps_the_others() -> None:
    take(register_file())
    before = list(StageChange.objects.values())
    changes = take(of(stages=[stage("connected", "2026-02-01")]), by="binh")
    assert changes.added == ["declared stage K1: connected, 01/02/2026"]
    kept, added = StageChange.objects.order_by("pk").values()
    assert [kept] == before
    assert added["actor"] == "binh"


def test_a_row_that_stands_in_the_file_twice_is_recorded_once() -> None:
    rows = [step("tested", "2025-08-01", note="một"), step("tested", "2025-08-01", note="một")]
    take(register_file(steps=rows))
    assert StepRecord.objects.count() == 1


def exported(section: str, **changes: Any) -> Json:
    """The rows of that section as they are exported, the first one changed by hand."""
    rows = register_content()[section]
    return of(**{section: [rows[0] | changes, *rows[1:]]})


@pytest.mark.parametrize(
    ("section", "changes"),
    [
        ("stages", {"note": "khác"}),
        ("stages", {"stage": "connected"}),
        ("stages", {"effective_on": "2025-11-19"}),
        ("stages", {"actor": "binh"}),
        ("stages", {"document": None}),
        ("steps", {"done_on": "2025-05-02"}),
    ],
)
def test_history_is_not_changed_by_a_file(section: str, changes: Json) -> None:
    take(register_file())
    before = register_content()
    (told,) = refused(exported(section, **changes))
    assert "history is neither changed nor deleted: to correct it, add a row without" in told
    assert register_content() == before


def test_history_is_not_deleted_by_a_file() -> None:
    take(register_file())
    before = register_content()
    assert take(of(stages=[], steps=[], parties=[])).nothing
    assert take(of(steps=before["steps"][:1])).nothing
    assert register_content() == before


def test_what_an_export_says_of_who_and_when_is_kept() -> None:
    then = "2025-12-01T08:00:00.000001+07:00"
    rows = [
        step("tested", "2025-08-01", recorded_at=then, actor="chi"),
        step("set_up", "2025-07-01", recorded_at=then),
    ]
    take(register_file(steps=rows))
    kept = {record.step: record for record in StepRecord.objects.all()}
    assert (kept["tested"].actor, kept["set_up"].actor) == ("chi", "")
    assert kept["tested"].recorded_at == instant_from(then)


def test_nothing_is_recorded_after_the_import_nor_a_step_before_it_was_taken() -> None:
    ahead = (NOW + MICROSECOND).isoformat()
    (told,) = refused(register_file(steps=[step("tested", "2025-08-01", recorded_at=ahead)]))
    assert "lies after this import: leave it empty" in told
    early = "2025-07-31T08:00:00+07:00"
    (told,) = refused(register_file(steps=[step("tested", "2025-08-01", recorded_at=early)]))
    assert "the day lies ahead" in told


def test_history_is_not_written_behind_an_issued_list(settings: Any) -> None:
    settings.PROGRESS_LIST_ANNEXES = []
    then = instant_from("2026-02-01T08:00")
    issue(Scope(as_of=date(2026, 2, 1), known_at=then), now=then, by="an")
    behind = stage("connected", "2026-01-01", recorded_at=then.isoformat())
    (told,) = refused(register_file(stages=[behind]))
    assert "cannot be written behind a list: leave it empty" in told
    after = behind | {"recorded_at": (then + MICROSECOND).isoformat()}
    take(register_file(stages=[after]))
    assert StageChange.objects.get().stage == "connected"


def test_what_is_known_already_may_lie_behind_an_issued_list(settings: Any) -> None:
    settings.PROGRESS_LIST_ANNEXES = []
    take(register_file())
    issue(Scope(as_of=date(2026, 3, 2), known_at=NOW), now=NOW, by="an")
    assert take(register_content()).nothing
    take(of(stages=[stage("connected", "2026-01-01")]))
    assert StageChange.objects.order_by("pk").last().recorded_at > NOW  # type: ignore[union-attr]
