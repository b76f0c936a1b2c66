"""Probes as evidence: they propose, people decide, and a later failure is a contradiction."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import Settings

from databases.actions.contradictions import reconcile_contradictions
from databases.actions.evidence import decline_proposal, propose_submissions, take_proposal
from databases.actions.seed import seed_databases
from databases.models import (
    Connection,
    Contradiction,
    Credential,
    Endpoint,
    EvidenceDecision,
    EvidenceProposal,
    EvidenceRule,
    Zone,
)
from databases.models.credential import CredentialKind
from databases.rules.contradictions import Rule
from tests.databases.watched import DAY, HOUR, MINUTE, START, Eye, back, down, watch
from tests.module_rows import written_once
from tests.tracking.imported import NOW
from tracking.actions.evidence import opened
from tracking.actions.ledger import record
from tracking.actions.refusals import Refused
from tracking.actions.seed import seed
from tracking.actions.tasks import assign_task
from tracking.models import Department, Event, Evidence, Plan, Task
from tracking.models.situation import TaskSituation
from tracking.rules.canonical import canonical
from tracking.rules.events import Kind
from tracking.rules.situation import Situation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]
CODE = "KN-05-DC"
LATER = START + DAY


def fill() -> None:
    seed(now=NOW, illustrative=False)
    seed_databases()


seeded = written_once(fill)


@pytest.fixture
def task() -> Task:
    plan, lead = Plan.objects.first(), Department.objects.get(code="QLD")
    assert plan is not None
    made = Task(code="T-KN", plan=plan, name_vi="Hoàn thành kết nối", first_lead=lead)
    return assign_task(task=made, assigned_at=START - DAY, now=START - DAY, by="an")


@pytest.fixture
def rule(task: Task) -> EvidenceRule:
    connection = Connection.objects.get(code=CODE)
    return EvidenceRule.objects.create(connection=connection, task=task, successes=60, hours=24)


@pytest.fixture
def eye() -> Eye:
    """Has answered since 08:01 on the 20th, once a minute, until a day later."""
    return watch("E-5", "GD-05-1", spec={"url": "https://csdl.example/", "share": 0.5}).until(
        LATER + MINUTE
    )


def proposed(at: datetime) -> EvidenceProposal:
    [found] = propose_submissions(now=at)
    return found


def situation(task: Task, at: datetime) -> Situation:
    return TaskSituation.objects.at(at).get(task=task).situation()


def step(task: Task, kind: Kind, at: datetime, by: str = "binh", **payload: Any) -> None:
    record(task=task, kind=kind, effective_at=at, recorded_at=at, by=by, payload=payload)


def test_enough_successes_over_long_enough_are_proposed_once(rule: EvidenceRule, eye: Eye) -> None:
    assert propose_submissions(now=eye.now - MINUTE) == []  # 24 hours less a minute
    found = proposed(eye.now)
    assert (found.rule, found.proposed_at) == (rule, eye.now)
    assert propose_submissions(now=eye.now) == []
    assert EvidenceProposal.objects.count() == 1
    assert EvidenceDecision.objects.count() == 0


def test_a_proposal_submits_nothing(rule: EvidenceRule, eye: Eye, task: Task) -> None:
    before = list(Event.objects.values_list("pk", flat=True))
    proposed(eye.now)
    assert list(Event.objects.values_list("pk", flat=True)) == before
    assert situation(task, eye.now).submission is None


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rule, eye: EvidenceRule.objects.update(active=False),
        lambda rule, eye: EvidenceRule.objects.update(successes=5_000),
        lambda rule, eye: eye.see("fail ok"),
        lambda rule, eye: eye.see("warn ok"),
        lambda rule, eye: eye.pause(eye.now),
        lambda rule, eye: watch("E-5B", "GD-05-1", since=LATER),
        lambda rule, eye: Endpoint.objects.update(kind="tcp"),
        lambda rule, eye: step(rule.task, Kind.SUBMITTED, LATER, note="x"),
        lambda rule, eye: step(rule.task, Kind.PAUSED, LATER, reason="x"),
        lambda rule, eye: step(rule.task, Kind.CANCELLED, LATER, reason="x"),
    ],
    ids=[
        "inactive",
        "too few",
        "failed",
        "warned",
        "paused",
        "another endpoint",
        "only a port",
        "submitted",
        "suspended",
        "cancelled",
    ],
)
def test_nothing_is_proposed(rule: EvidenceRule, eye: Eye, spoil: Any) -> None:
    spoil(rule, eye)
    assert propose_submissions(now=eye.now) == []


def test_what_nobody_looked_at_any_more_proves_nothing(rule: EvidenceRule, eye: Eye) -> None:
    assert propose_submissions(now=eye.now + HOUR) == []


# The bundle


def bundle(found: EvidenceProposal) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(found.bundle)
    return content


def test_the_bundle_is_canonical_and_has_the_hash_of_its_text(rule: EvidenceRule, eye: Eye) -> None:
    found = proposed(eye.now)
    found.refresh_from_db()
    assert found.sha256 == hashlib.sha256(found.bundle.encode()).hexdigest()
    assert canonical(bundle(found)).decode() == found.bundle
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceProposal.objects.update(bundle="{}")


def test_the_bundle_says_what_was_seen(rule: EvidenceRule, eye: Eye) -> None:
    zone = Zone.objects.get(code="MANG")
    Endpoint.objects.create(
        code="MỐC-1", name_vi="x", zone=zone, kind="http", sentinel_of="Bộ khác"
    )
    content = bundle(proposed(eye.now))
    assert content["format"] == "probe-evidence/1"
    assert content["connection"]["code"] == CODE
    assert content["connection"]["counterpart"]["code"] == "CSDLQG-DC"
    assert content["stage"]["code"] == "upgrading"
    assert content["task"]["code"] == "T-KN"
    assert content["rule"] == {"successes": 60, "hours": 24}
    assert content["period"] == {
        "from": "2025-11-20T08:01:00+07:00",
        "to": "2025-11-21T08:01:00+07:00",
    }
    [seen] = content["endpoints"]
    assert seen["run"] == {"successes": 1441, "since": content["period"]["from"]}
    assert (seen["version"], seen["state"], seen["last"]["result"]) == (1, "up", "ok")
    assert seen["uptime"]["total_seconds"] == seen["uptime"]["up_seconds"] == 86_400
    assert (seen["uptime"]["coverage"], seen["uptime"]["share"]) == (10_000, 10_000)
    assert (content["stand_ins"], content["sentinels"]) == (False, [])


def test_the_bundle_holds_no_secret_and_no_float(rule: EvidenceRule, eye: Eye) -> None:
    credential = Credential.objects.create(
        code="MK-1",
        kind=CredentialKind.BEARER,
        host="csdl.example",
        sealed=b"canary",
        sealed_at=START,
        sealed_by="an",
    )
    Endpoint.objects.update(credential=credential)
    found = proposed(eye.now)
    [seen] = bundle(found)["endpoints"]
    assert seen["credential"] == "MK-1"
    assert "canary" not in found.bundle
    assert seen["spec"] == {"url": "https://csdl.example/", "share": "0.5"}


def test_evidence_from_stand_ins_says_so(rule: EvidenceRule) -> None:
    found = watch("GL-5", "GD-05-1", stand_in=True).until(LATER + MINUTE)
    content = bundle(proposed(found.now))
    assert content["stand_ins"] is content["endpoints"][0]["stand_in"] is True


def test_the_sentinels_of_its_zone_are_in_the_bundle(rule: EvidenceRule, eye: Eye) -> None:
    zone = Zone.objects.get(code="MANG")
    other = Endpoint.objects.create(
        code="M-1", name_vi="x", zone=zone, kind="http", sentinel_of="Bộ khác"
    )
    Eye(other, START).until(LATER)
    [seen] = bundle(proposed(eye.now))["sentinels"]
    assert (seen["code"], seen["owner"], seen["state"]) == ("M-1", "Bộ khác", "up")
    assert seen["last_answer_at"] == "2025-11-21T08:00:00+07:00"


# Decisions


def test_taking_it_submits_on_behalf_of_the_lead_with_the_bundle_as_file(
    rule: EvidenceRule, eye: Eye, task: Task, settings: Settings
) -> None:
    found = proposed(eye.now)
    at = eye.now + MINUTE
    decision = take_proposal(proposal=found, now=at, by="binh", note="đủ căn cứ")
    assert (decision.taken, decision.decided_at, decision.decided_by) == (True, at, "binh")
    submitted = task.events.get(kind="submitted")
    assert (submitted.actor, submitted.effective_at) == ("binh", at)
    assert submitted.on_behalf_of is not None
    assert submitted.on_behalf_of.code == "QLD"
    assert submitted.payload == {"note": "đủ căn cứ", "evidence": found.sha256}
    file = Evidence.objects.get(event__task=task)
    assert (file.sha256, file.name) == (found.sha256, "KN-05-DC 2025-11-21.json.txt")
    with opened(file) as kept:
        assert kept.read() == found.bundle.encode()
    held = situation(task, at)
    assert held.pending
    assert held.evidence
    assert propose_submissions(now=at) == []


def test_who_took_it_does_not_verify_it(rule: EvidenceRule, eye: Eye, task: Task) -> None:
    take_proposal(proposal=proposed(eye.now), now=eye.now, by="binh")
    with pytest.raises(Refused, match="another person"):
        step(task, Kind.ACCEPTED, eye.now + MINUTE)
    step(task, Kind.ACCEPTED, eye.now + MINUTE, by="chi")
    assert situation(task, eye.now + HOUR).completed


def test_it_is_decided_on_once(rule: EvidenceRule, eye: Eye, task: Task) -> None:
    found = proposed(eye.now)
    take_proposal(proposal=found, now=eye.now, by="binh")
    for decide in (take_proposal, decline_proposal):
        with pytest.raises(Refused, match="decided on already, by binh"):
            decide(proposal=found, now=eye.now, by="chi", note="x")
    assert task.events.filter(kind="submitted").count() == 1


def test_a_task_that_cannot_be_submitted_keeps_everything_as_it_was(
    rule: EvidenceRule, eye: Eye, task: Task, settings: Settings
) -> None:
    found = proposed(eye.now)
    step(task, Kind.SUBMITTED, eye.now, note="bằng tay")
    with pytest.raises(Refused, match="awaits verification"):
        take_proposal(proposal=found, now=eye.now + MINUTE, by="binh")
    assert not EvidenceDecision.objects.exists()
    assert not Evidence.objects.exists()


def test_it_is_not_taken_while_an_endpoint_is_down(rule: EvidenceRule, eye: Eye) -> None:
    found = proposed(eye.now)
    down(eye)
    with pytest.raises(Refused, match="E-5 is down now"):
        take_proposal(proposal=found, now=eye.now, by="binh")
    back(eye)
    assert take_proposal(proposal=found, now=eye.now, by="binh").taken


def test_evidence_that_was_altered_is_not_taken(rule: EvidenceRule, eye: Eye) -> None:
    found = proposed(eye.now)
    found.bundle = found.bundle.replace("1441", "1442")
    with pytest.raises(Refused, match="altered"):
        take_proposal(proposal=found, now=eye.now, by="binh")


def test_declining_says_why_and_waits_for_the_whole_period_again(
    rule: EvidenceRule, eye: Eye, task: Task
) -> None:
    found = proposed(eye.now)
    with pytest.raises(Refused, match="Say why"):
        decline_proposal(proposal=found, now=eye.now, by="binh", note=" ")
    declined = decline_proposal(proposal=found, now=eye.now, by="binh", note="chưa bàn giao")
    assert (declined.taken, declined.note) == (False, "chưa bàn giao")
    assert situation(task, eye.now).submission is None
    at = eye.now
    eye.until(at + 23 * HOUR)
    assert propose_submissions(now=eye.now) == []
    eye.until(at + 24 * HOUR)
    # What was seen before the decision counts no more.
    assert bundle(proposed(eye.now))["period"]["from"] == "2025-11-21T08:01:00+07:00"


def test_what_the_verifier_returned_is_proposed_after_the_whole_period_again(
    rule: EvidenceRule, eye: Eye, task: Task
) -> None:
    at = eye.now
    take_proposal(proposal=proposed(at), now=at, by="binh")
    step(task, Kind.RETURNED, at + MINUTE, by="chi", reason="thiếu biên bản")
    eye.until(at + HOUR)
    assert propose_submissions(now=eye.now) == []
    eye.until(at + 25 * HOUR)
    assert proposed(eye.now).rule == rule


# A later failure


def failing(at: datetime) -> list[Contradiction]:
    reconcile_contradictions(now=at)
    return list(Contradiction.objects.open().filter(rule=Rule.EVIDENCE_FAILS))


def test_a_later_failure_is_a_contradiction_and_reopens_nothing(
    rule: EvidenceRule, eye: Eye, task: Task
) -> None:
    take_proposal(proposal=proposed(eye.now), now=eye.now, by="binh")
    step(task, Kind.ACCEPTED, eye.now + MINUTE, by="chi")
    events = Event.objects.count()
    assert failing(eye.now + MINUTE) == []
    eye.see("ok")
    down(eye)
    [found] = failing(eye.now)
    assert (found.connection.code, found.since) == (CODE, eye.track.since)
    assert Event.objects.count() == events
    assert situation(task, eye.now).completed
    back(eye)
    assert failing(eye.now) == []


@pytest.mark.parametrize(
    ("kinds", "still"),
    [
        ((Kind.RETURNED,), False),
        ((Kind.ACCEPTED,), True),
        ((Kind.ACCEPTED, Kind.REOPENED), False),
        ((Kind.ACCEPTED, Kind.REOPENED, Kind.SUBMITTED), False),
        ((Kind.CANCELLED,), False),
    ],
)
def test_it_counts_as_long_as_the_submission_stands(
    rule: EvidenceRule, eye: Eye, task: Task, kinds: tuple[Kind, ...], still: bool
) -> None:
    take_proposal(proposal=proposed(eye.now), now=eye.now, by="binh")
    down(eye)
    assert failing(eye.now)
    for number, kind in enumerate(kinds, start=1):
        step(task, kind, eye.now + timedelta(seconds=number), by="chi", reason="x")
    assert bool(failing(eye.now + MINUTE)) is still
