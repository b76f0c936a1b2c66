"""The register of contradictions: what the rules write into it, and what people may say of it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection as database, transaction
from django.db.utils import IntegrityError
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from databases.actions.contradictions import reconcile_contradictions, waive
from databases.actions.seed import seed_databases
from databases.models import (
    Connection,
    Contradiction,
    ContradictionEntry,
    Endpoint,
    Interface,
    Maintenance,
    Outage,
    Party,
)
from databases.models.party import PartyRole
from databases.models.who_acts import WhoActs
from databases.rules.contradictions import Changes, Rule
from databases.rules.stage import Stage
from tests.databases.watched import DAY, HOUR, MINUTE, START, Eye, back, declare, down, watch
from tests.module_rows import written_once
from tests.tracking.imported import NOW
from tracking.actions.progress_lists import issue
from tracking.actions.refusals import Refused
from tracking.actions.seed import seed
from tracking.models import Department, Partner
from tracking.rules.instants import MICROSECOND, day_of
from tracking.rules.progress_list import Scope

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
CODE = "KN-01-DC"


def fill() -> None:
    seed(now=NOW, illustrative=False)
    seed_databases()
    # The others of the twelve are nobody's concern here.
    for code in ("KN-02-DC", "KN-03-DC", "KN-04-DC"):
        declare(code, Stage.UPGRADING, START - DAY)


seeded = written_once(fill)


@pytest.fixture
def eye() -> Eye:
    return watch("E-1").see("ok ok")


def of(rule: Rule, code: str = CODE) -> Any:
    """The contradiction, with what its course says of it."""
    return Contradiction.objects.with_facts().get(rule=rule, connection__code=code)


def open_ones() -> list[tuple[str, str]]:
    rows = Contradiction.objects.open().order_by("connection__code", "rule")
    return list(rows.values_list("connection__code", "rule"))


def course(found: Contradiction) -> list[str]:
    return list(found.course.values_list("event", flat=True))


def reconciled(at: datetime) -> Changes:
    return reconcile_contradictions(now=at)


def test_a_stop_is_a_contradiction_and_its_end_closes_it(eye: Eye) -> None:
    assert not reconciled(eye.now)
    down(eye)
    assert [found.rule for found in reconciled(eye.now).opened] == [Rule.CONNECTED_BUT_DOWN]
    found = of(Rule.CONNECTED_BUT_DOWN)
    assert (found.since, found.opened_at) == (eye.track.since, eye.now)
    assert (found.party, found.endpoint_codes) == ("counterpart", ["E-1"])
    back(eye)
    assert len(reconciled(eye.now).closed) == 1
    found.refresh_from_db()
    assert found.closed_at == eye.now
    assert course(found) == ["opened", "closed"]
    assert open_ones() == []


def test_a_suspicion_and_a_first_answer_change_nothing(eye: Eye) -> None:
    eye.see("fail fail")
    assert not reconciled(eye.now)
    eye.see("fail")
    assert reconciled(eye.now).opened
    eye.see("ok")
    assert not reconciled(eye.now)
    eye.see("ok")
    assert reconciled(eye.now).closed


def test_run_again_it_writes_nothing_more(eye: Eye) -> None:
    down(eye)
    reconciled(eye.now)
    written = list(ContradictionEntry.objects.values_list("pk", "at"))
    for minutes in (0, 1, 2):
        assert not reconciled(eye.now + minutes * MINUTE)
    assert list(ContradictionEntry.objects.values_list("pk", "at")) == written


def test_another_blame_is_a_change_and_keeps_the_beginning(eye: Eye) -> None:
    down(eye, blame="network")
    reconciled(eye.now)
    Outage.objects.update(blame="theirs")
    [changed] = reconciled(eye.now + MINUTE).changed
    assert changed.opened_at == eye.now
    found = of(Rule.CONNECTED_BUT_DOWN)
    assert found.party == "counterpart"
    assert course(found) == ["opened", "changed"]


def test_who_comes_back_and_falls_again_is_another_contradiction(eye: Eye) -> None:
    for _ in range(2):
        down(eye)
        reconciled(eye.now)
        back(eye)
        reconciled(eye.now)
        Outage.objects.all().delete()
    assert Contradiction.objects.count() == 2
    assert open_ones() == []


def test_while_no_pump_is_at_work_nothing_opens_and_nothing_closes(eye: Eye) -> None:
    down(eye)
    reconciled(eye.now)
    assert not reconciled(eye.now + 30 * DAY)
    up = watch("E-5", "GD-05-1").see("ok ok")
    # It worked for two minutes; that nobody looked since is no proof that it did for three days.
    assert not reconciled(up.now + 4 * DAY)
    assert open_ones() == [(CODE, "connected_but_down")]


def test_announced_maintenance_excuses_an_outage(eye: Eye) -> None:
    Maintenance.objects.create(
        endpoint=eye.endpoint,
        start=START,
        end=START + HOUR,
        announced_at=START,
        announced_by="an",
    )
    down(eye)
    assert not reconciled(eye.now)
    eye.until(START + 2 * HOUR, "fail")
    assert reconciled(eye.now).opened


def test_connected_without_a_probe_after_an_hour() -> None:
    # Declared connected on the 18th, and nothing was ever set up to look.
    assert [found.rule for found in reconciled(START).opened] == [Rule.CONNECTED_UNPROBED]
    eye = watch("E-1").see("ok ok")
    [closed] = reconciled(eye.now).closed
    assert closed.closed_because == "seen"
    eye.pause(eye.now)
    assert not reconciled(eye.now + HOUR - MINUTE)
    [opened] = reconciled(eye.now + HOUR).opened
    assert (opened.since, opened.endpoints) == (eye.now, ("E-1",))


def test_works_but_nobody_declared_it(eye: Eye) -> None:
    works = watch("E-5", "GD-05-1").until(START + 3 * DAY)
    eye.until(START + 3 * DAY)
    assert not reconciled(START + 3 * DAY)
    works.see("ok")
    eye.see("ok")
    assert reconciled(works.now).opened
    assert open_ones() == [("KN-05-DC", "works_undeclared")]
    declare("KN-05-DC", Stage.CONNECTED, works.now)
    [closed] = reconciled(works.now).closed
    assert closed.closed_because == "stage"


def test_stale_data_is_told_since_it_became_too_old(eye: Eye) -> None:
    old = watch("E-2", spec={"url": "https://csdl.example/", "age": "$.at", "max_age": 600})
    old.see("ok", age=500)
    assert not reconciled(old.now)
    old.see("warn", age=660)
    [opened] = reconciled(old.now).opened
    assert (opened.rule, opened.endpoints) == (Rule.ANSWERS_BUT_STALE, ("E-2",))
    assert opened.since == old.now - MINUTE
    old.see("fail")  # the age that was read before says nothing of now
    assert not reconciled(old.now)
    old.see("ok", age=10)
    assert [found.rule for found in reconciled(old.now).closed] == [Rule.ANSWERS_BUT_STALE]


def test_suspended_but_still_answers(eye: Eye) -> None:
    eye.see("ok")
    declare(CODE, Stage.SUSPENDED, START + DAY)
    eye.until(START + DAY + HOUR)
    assert reconciled(eye.now).opened[0].since == START + DAY
    eye.see("fail fail fail")
    assert reconciled(eye.now).closed


def test_saying_the_same_stage_again_does_not_make_it_younger(eye: Eye) -> None:
    declare(CODE, Stage.SUSPENDED, START + DAY)
    declare(CODE, Stage.SUSPENDED, START + 2 * DAY)
    eye.until(START + 3 * DAY)
    assert reconciled(eye.now).opened[0].since == START + DAY


def test_a_stage_declared_late_binds_from_when_it_was_said(eye: Eye) -> None:
    eye.until(START + 5 * DAY)
    connection = Connection.objects.get(code=CODE)
    connection.stage_changes.create(
        stage=Stage.SUSPENDED, effective_on=day_of(START + DAY), recorded_at=eye.now
    )
    declared = eye.now
    assert not reconciled(eye.until(declared + HOUR - MINUTE).now)
    assert reconciled(eye.see("ok").now).opened[0].since == declared


def test_patience_is_a_setting(eye: Eye, settings: Settings) -> None:
    settings.CONTRADICTION_PATIENCE = {"down": 0.5}
    down(eye)
    since = eye.track.since
    assert not reconciled(eye.until(since + HOUR / 2 - MINUTE, "fail").now)
    assert reconciled(eye.see("fail").now).opened


def test_the_number_of_queries_is_the_same_whatever_the_size(eye: Eye) -> None:
    with CaptureQueriesContext(database) as quiet:
        assert not reconciled(eye.now)
    down(eye)
    with CaptureQueriesContext(database) as few:
        assert len(reconciled(eye.now).opened) == 1
    back(eye)
    reconciled(eye.now)
    _many()
    with CaptureQueriesContext(database) as many:
        assert len(reconciled(eye.now).opened) == 20
    assert len(many) == len(few)
    back(eye)
    with CaptureQueriesContext(database) as still:
        assert not reconciled(eye.now)
    assert len(still) == len(quiet) == 8


def _many() -> None:
    """Twenty more connections that are down."""
    first = Connection.objects.get(code=CODE)
    for number in range(20):
        system = first.counterpart
        system.pk, system.code = None, f"HT-{number}"
        system.save(force_insert=True)
        made = Connection.objects.create(
            code=f"X-{number}", database=first.database, counterpart=system
        )
        Interface.objects.create(code=f"X-{number}", connection=made, name_vi="x")
        declare(made.code, Stage.CONNECTED, START)
        down(watch(f"X-{number}", f"X-{number}").see("ok ok"))


def test_a_contradiction_is_opened_once_even_by_hand(eye: Eye) -> None:
    down(eye)
    reconciled(eye.now)
    found = of(Rule.CONNECTED_BUT_DOWN)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contradiction.objects.create(
            connection=found.connection, rule=found.rule, since=START, opened_at=START
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        found.course.update(reason="x")


def test_nothing_is_written_behind_an_issued_list(eye: Eye) -> None:
    down(eye)
    known_at = eye.now + HOUR
    issue(Scope(as_of=day_of(START), known_at=known_at), now=known_at, by="an")
    reconciled(eye.now)
    [entry] = ContradictionEntry.objects.all()
    assert entry.at == known_at + MICROSECOND


# Who has to act


def acts(found: Any, day: datetime = START) -> str:
    return WhoActs(day_of(day)).of(found.connection, found.party).names["vi"]


def party(role: str, start: datetime, **body: Any) -> None:
    connection = Connection.objects.get(code=CODE)
    Party.objects.create(connection=connection, role=role, valid_from=day_of(start), **body)


def test_the_counterparts_owner_acts_on_what_looks_like_theirs(eye: Eye) -> None:
    down(eye)
    reconciled(eye.now)
    assert acts(of(Rule.CONNECTED_BUT_DOWN)) == "Bộ Công an"


def test_a_counterpart_without_an_owner_acts_by_its_own_name(eye: Eye) -> None:
    down(eye)
    reconciled(eye.now)
    found = of(Rule.CONNECTED_BUT_DOWN)
    found.connection.counterpart.owner = None
    assert acts(found) == found.connection.counterpart.name_vi


def test_the_owner_acts_on_everything_else_as_the_parties_of_that_day_say(eye: Eye) -> None:
    down(eye, blame="ours")
    reconciled(eye.now)
    found = of(Rule.CONNECTED_BUT_DOWN)
    owner = found.connection.database.owner.name_vi
    assert acts(found) == owner
    other = Department.objects.exclude(pk=found.connection.database.owner.pk).first()
    party(PartyRole.OWNER, START + DAY, department=other)
    assert acts(found) == owner
    assert other is not None
    assert acts(found, START + DAY) == other.name_vi


def test_the_carrier_acts_on_the_network_if_one_is_registered(eye: Eye) -> None:
    down(eye, blame="network")
    reconciled(eye.now)
    found = of(Rule.CONNECTED_BUT_DOWN)
    assert acts(found) == found.connection.database.owner.name_vi
    carrier = Partner.objects.create(code="VNPT", name_vi="Nhà mạng")
    party(PartyRole.CARRIER, START, partner=carrier)
    assert acts(found) == "Nhà mạng"


# Waivers


@pytest.fixture
def found(eye: Eye) -> Any:
    down(eye)
    reconciled(eye.now)
    return of(Rule.CONNECTED_BUT_DOWN)


def accept(found: Contradiction, until: datetime, **changes: Any) -> ContradictionEntry:
    given: dict[str, Any] = {"reason": "đang chuyển máy chủ", "by": "an", "now": START + HOUR}
    return waive(contradiction=found, until=until, **(given | changes))


def test_a_waiver_is_written_with_who_why_and_until_when(found: Contradiction) -> None:
    entry = accept(found, START + DAY, reason=" đang chuyển máy chủ ")
    entry.refresh_from_db()
    assert (entry.event, entry.by, entry.reason) == ("waived", "an", "đang chuyển máy chủ")
    assert of(Rule.CONNECTED_BUT_DOWN).waived_until == START + DAY
    assert open_ones() == [(CODE, "connected_but_down")]
    accept(found, START + 2 * DAY)
    assert of(Rule.CONNECTED_BUT_DOWN).waived_until == START + 2 * DAY


def test_a_waiver_does_not_keep_the_rules_from_closing(found: Contradiction, eye: Eye) -> None:
    accept(found, START + DAY)
    back(eye)
    reconciled(eye.now)
    assert course(found) == ["opened", "waived", "closed"]
    with pytest.raises(Refused, match="closed already"):
        accept(found, START + 2 * DAY)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"reason": "  "}, "and why"),
        ({"by": ""}, "Say who"),
        ({"until": START + HOUR}, "at most 90 days"),
        ({"until": START + HOUR + timedelta(days=90, seconds=1)}, "at most 90 days"),
    ],
)
def test_a_waiver_that_says_too_little_or_lasts_too_long_is_refused(
    found: Contradiction, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        accept(found, **({"until": START + DAY} | changes))
    assert course(found) == ["opened"]


def test_an_endpoint_of_an_unknown_kind_answers_nothing(eye: Eye) -> None:
    declare(CODE, Stage.SUSPENDED, START)
    Endpoint.objects.update(kind="smoke-signal")
    eye.until(START + 2 * HOUR)
    assert not reconciled(eye.now)
