"""Endpoints are added, changed, paused and asked for in one place."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from databases.actions.credentials import seal_credential
from databases.actions.endpoints import (
    faults_of,
    pause_endpoint,
    probe_now,
    resume_endpoint,
    save_endpoint,
    wanted_of,
)
from databases.models import (
    Credential,
    Endpoint,
    EndpointChange,
    EndpointState,
    Outage,
    ProbeRequest,
    Transition,
    ZoneNetwork,
)
from databases.pump.claim import NEVER, claim
from databases.pump.configuration import grid_of
from databases.pump.once import probe_once
from databases.pump.secrets import opened
from databases.rules.track_text import from_text
from tests.databases.probed import WANTED, Answers, http_server, make_interface, make_zone
from tests.processes import manage, own_database
from tracking.actions.refusals import Refused

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def register(db: None) -> None:
    make_zone()
    make_interface()


def saved(now: datetime = NOW, **changes: object) -> Endpoint:
    return save_endpoint(wanted=replace(WANTED, **changes), now=now, by="op")  # type: ignore[arg-type]


def seen(endpoint: Endpoint) -> EndpointState:
    return EndpointState.objects.get(pk=endpoint.pk)


def sentence(**changes: object) -> str:
    """What is wrong with such an endpoint."""
    return " / ".join(faults_of(replace(WANTED, **changes), NOW))  # type: ignore[arg-type]


def test_a_new_endpoint_is_unknown_and_due_at_its_first_slot() -> None:
    endpoint = saved()
    state = seen(endpoint)
    assert (state.state, state.version, endpoint.version) == ("unknown", 1, 1)
    assert state.next_due_at == grid_of(endpoint.pk, 60).after(NOW)


def test_the_same_endpoint_again_changes_nothing() -> None:
    endpoint = saved()
    before = (wanted_of(endpoint), seen(endpoint).lease_token)
    again = saved(NOW + timedelta(hours=1))
    assert (wanted_of(again), seen(again).lease_token) == before
    assert again.version == 1


def test_what_is_probed_differently_is_unknown_until_it_is_seen() -> None:
    with http_server(Answers()) as port:
        endpoint = saved(spec={"url": f"http://127.0.0.1:{port}/"})
        EndpointState.objects.update(next_due_at=NOW)
        probe_once(claim(1, NOW), lambda: NOW)
        assert seen(endpoint).state == "up"
        changed = saved(NOW + timedelta(minutes=1), spec={"url": f"http://127.0.0.1:{port}/x"})
    state = seen(changed)
    assert (changed.version, state.version, state.state) == (2, 2, "unknown")
    told = Transition.objects.filter(endpoint=changed).values_list("before", "after", "reason")
    assert list(told) == [("unknown", "up", ""), ("up", "unknown", "edited")]


def test_another_name_changes_no_state() -> None:
    endpoint = saved()
    renamed = saved(NOW + timedelta(minutes=1), name_vi="Tên khác")
    assert (renamed.name_vi, renamed.version) == ("Tên khác", 1)
    assert seen(endpoint).lease_token == 0


def test_an_edit_takes_the_claim_from_a_pump_at_work() -> None:
    with http_server(Answers()) as port:
        endpoint = saved(spec={"url": f"http://127.0.0.1:{port}/"})
        EndpointState.objects.update(next_due_at=NOW)
        claimed = claim(1, NOW)
        saved(NOW, spec={"url": f"http://127.0.0.1:{port}/other"})
        assert probe_once(claimed, lambda: NOW) == []
    assert seen(endpoint).state == "unknown"


def test_an_edit_during_an_outage_keeps_it_open() -> None:
    answers = Answers(status=500)
    with http_server(answers) as port:
        endpoint = saved(spec={"url": f"http://127.0.0.1:{port}/"})
        EndpointState.objects.update(next_due_at=NOW)
        due = NOW
        for _ in range(3):
            probe_once(claim(1, due), lambda at=due: at)  # type: ignore[misc]
            due = seen(endpoint).next_due_at
        assert seen(endpoint).state == "down"
        saved(due, spec={"url": f"http://127.0.0.1:{port}/moved"})
    outage = Outage.objects.get(endpoint=endpoint)
    assert outage.ended_at is None
    assert from_text(seen(endpoint).track).confirmed is not None


def test_a_paused_endpoint_is_unknown_by_decision_and_never_due() -> None:
    endpoint = saved()
    pause_endpoint(endpoint=endpoint, now=NOW + timedelta(minutes=1), by="op")
    state = seen(endpoint)
    assert (state.state, state.next_due_at) == ("unknown", NEVER)
    later = NOW + timedelta(hours=1)
    resume_endpoint(endpoint=endpoint, now=later, by="op")
    assert seen(endpoint).next_due_at == grid_of(endpoint.pk, 60).after(later)
    reasons = Transition.objects.filter(endpoint=endpoint).values_list("reason", flat=True)
    assert list(reasons) == ["paused", "resumed"]


def test_an_endpoint_may_be_added_paused() -> None:
    endpoint = saved(paused=True)
    assert seen(endpoint).next_due_at == NEVER
    assert from_text(seen(endpoint).track).paused
    # Its time is accounted for as paused, not as unknown.
    assert Transition.objects.get(endpoint=endpoint).reason == "paused"


def test_probe_now_makes_it_due_and_keeps_who_asked() -> None:
    endpoint = saved()
    probe_now(endpoint=endpoint, now=NOW, by="op")
    assert seen(endpoint).next_due_at == NOW
    assert ProbeRequest.objects.get().by == "op"


def test_the_seventh_request_within_a_minute_is_refused() -> None:
    endpoint = saved()
    for number in range(6):
        probe_now(endpoint=endpoint, now=NOW + timedelta(seconds=number), by="op")
    with pytest.raises(Refused, match="within a minute"):
        probe_now(endpoint=endpoint, now=NOW + timedelta(seconds=7), by="op")
    probe_now(endpoint=endpoint, now=NOW + timedelta(seconds=7), by="another")
    probe_now(endpoint=endpoint, now=NOW + timedelta(seconds=61), by="op")
    assert ProbeRequest.objects.count() == 8


def test_a_paused_endpoint_is_not_probed_on_request() -> None:
    endpoint = saved(paused=True)
    with pytest.raises(Refused, match="resume it first"):
        probe_now(endpoint=endpoint, now=NOW, by="op")


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**64, "\ud800", json.loads("[" * 900 + "]" * 900)]
)
def test_a_value_that_no_database_or_evidence_keeps_is_refused(value: object) -> None:
    assert "spec: it holds" in sentence(spec={"url": "http://127.0.0.1/", "json": {"$.a": value}})


def test_a_specification_is_no_document() -> None:
    long = {"url": "http://127.0.0.1/", "json": {"$.a": "x" * 20_000}}
    assert "longer than 20000 bytes" in sentence(spec=long)


def test_a_page_opened_before_the_pause_probes_nothing_after_it() -> None:
    opened_before = saved()
    pause_endpoint(endpoint=Endpoint.objects.get(), now=NOW, by="an")
    with pytest.raises(Refused, match="resume it first"):
        probe_now(endpoint=opened_before, now=NOW, by="op")
    assert seen(opened_before).next_due_at == NEVER


# Another pauses it while an edit is between reading and writing: in a process of its own, with a
# file of SQLite or a database of PostgreSQL.
PAUSED_MEANWHILE = """
import threading
from dataclasses import replace
from django.db import connection
from databases.actions import endpoints
from databases.models import Endpoint, EndpointState
from databases.rules.track_text import from_text
from tests.databases.probed import WANTED, make_interface, make_zone
from tests.databases.test_endpoints_actions import NOW
make_zone(), make_interface()
held = endpoints.save_endpoint(wanted=WANTED, now=NOW, by="an")
def pause():
    endpoints.pause_endpoint(endpoint=Endpoint.objects.get(), now=NOW, by="binh")
    connection.close()
other, wanted_of = threading.Thread(target=pause), endpoints.wanted_of
def meanwhile(endpoint):
    other.start()
    other.join(1)
    return wanted_of(endpoint)
endpoints.wanted_of = meanwhile
endpoints.save_endpoint(wanted=replace(WANTED, timeout=3_000), now=NOW, by="an")
other.join()
endpoint, seen = Endpoint.objects.get(), EndpointState.objects.get()
print(endpoint.timeout, endpoint.paused, from_text(seen.track).paused, seen.next_due_at.year)
"""


def test_neither_an_edit_nor_a_pause_at_the_same_time_is_lost(tmp_path: Path) -> None:
    with own_database(tmp_path) as url:
        done = manage(url, tmp_path, "shell", "-v", "0", "-c", PAUSED_MEANWHILE)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().split() == ["3000", "True", "True", "9000"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"zone": "NONE"}, "zone: "),
        ({"interface": "NONE"}, "interface: "),
        ({"parent": "NONE"}, "parent: "),
        ({"credential": "NONE"}, "credential: "),
        ({"kind": "gopher"}, "kind: "),
        ({"interval": 4}, "interval: "),
        ({"timeout": 99}, "timeout: "),
        ({"timeout": 60_000}, "not shorter than the interval"),
        ({"interface": None}, "give one of the two"),
        ({"sentinel_of": "BCA"}, "give one of the two"),
        ({"name_vi": ""}, "name_vi: "),
        ({"code": "X" * 61}, "code: "),
        ({"spec": {}}, "url: is missing"),
        ({"spec": {"url": "http://127.0.0.1/", "colour": 1}}, "colour: there is no such field"),
        ({"spec": {"url": "http://10.1.2.3/"}}, "10.1.2.3:80 is in no approved network"),
        ({"spec": {"url": "http://169.254.169.254/"}}, "is a metadata service"),
    ],
)
def test_each_fault_is_told_in_a_sentence(changes: dict[str, object], said: str) -> None:
    assert said in sentence(**changes)


def test_all_faults_are_told_at_once_and_nothing_is_written() -> None:
    with pytest.raises(Refused) as refused:
        saved(zone="NONE", interval=1, name_vi="")
    assert len(refused.value.sentences) >= 3
    assert not Endpoint.objects.exists()


def test_an_endpoint_cannot_depend_on_itself() -> None:
    saved()
    saved(code="E-2", parent="E-1")
    saved(code="E-3", parent="E-2")
    with pytest.raises(Refused, match="would depend on itself"):
        saved(parent="E-3")


def test_a_network_that_was_approved_lets_it_be_saved() -> None:
    zone = make_zone("WARD", for_tests=False)
    wanted = {"zone": "WARD", "spec": {"url": "https://10.1.2.3/"}}
    assert "no approved network" in sentence(**wanted)
    row = ZoneNetwork.objects.create(
        zone=zone,
        network="10.1.0.0/16",
        ports="443",
        document="CV 1",
        proposed_by="a",
        valid_from=NOW - timedelta(days=1),
    )
    assert "no approved network" in sentence(**wanted)
    row.approved_by = "b"
    row.save()
    assert faults_of(replace(WANTED, **wanted), NOW) == []  # type: ignore[arg-type]


def seal(**changes: object) -> Credential:
    given = {"code": "C", "kind": "bearer", "host": "API.example.VN", "secret": b"s3cret"}
    return seal_credential(**(given | changes), now=NOW, by="op")  # type: ignore[arg-type]


def test_a_secret_goes_in_and_only_the_pump_gets_it_out() -> None:
    row = seal()
    stored = Credential.objects.get(pk=row.pk)
    assert b"s3cret" not in bytes(stored.sealed)
    assert stored.host == "api.example.vn"
    secret = opened(stored)
    assert secret is not None
    assert secret.text == b"s3cret"
    assert "s3cret" not in repr(secret) + repr(stored) + str(stored)


def test_a_secret_that_was_moved_to_another_host_no_longer_opens() -> None:
    row = seal()
    Credential.objects.filter(pk=row.pk).update(host="evil.example")
    assert opened(Credential.objects.get(pk=row.pk)) is None


def test_a_credential_of_another_host_is_refused_for_an_endpoint() -> None:
    seal(host="other.example")
    said = sentence(credential="C", spec={"url": "https://127.0.0.1/"})
    assert "bound to another host" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"secret": b"  "}, "it is empty"),
        ({"secret": b"x" * 64_001}, "longer than"),
        ({"secret": b"\xff\xfe"}, "it is no text"),
        ({"kind": "basic", "secret": b"only-a-user"}, "user:password"),
        ({"kind": "client_certificate", "secret": b"no pem"}, "in PEM"),
        ({"host": "a b"}, "no host name"),
        ({"kind": "riddle"}, "kind: "),
    ],
)
def test_each_fault_of_a_credential_is_told(changes: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        seal(**changes)
    assert not Credential.objects.exists()


def test_who_changed_what_is_told_for_ever() -> None:
    endpoint = saved()
    saved(NOW + timedelta(minutes=1), interval=30, name_en="Another")
    pause_endpoint(endpoint=endpoint, now=NOW + timedelta(minutes=2), by="an")
    told = EndpointChange.objects.order_by("pk").values_list("by", "version", "changes")
    assert list(told) == [
        ("op", 1, {}),
        ("op", 2, {"interval": [60, 30], "name_en": ["Endpoint 1", "Another"]}),
        ("an", 2, {"paused": [False, True]}),
    ]
    with pytest.raises(DatabaseError, match="never told otherwise"), transaction.atomic():
        EndpointChange.objects.update(by="nobody")
