"""Probes as evidence: they propose that a task be submitted, and people decide."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from databases.actions.connections_seen import Watched, watched
from databases.actions.evidence_bundle import bundle
from databases.models import EvidenceDecision, EvidenceProposal, EvidenceRule, Interface
from databases.rules.evidence import Demand, Run, proof
from databases.rules.track import State
from tracking.actions.evidence import record_evidence
from tracking.actions.refusals import Refused
from tracking.actions.steps import record_step
from tracking.models.pen import take_the_pen
from tracking.models.situation import TaskSituation
from tracking.rules.events import Kind
from tracking.rules.instants import day_of


def propose_submissions(*, now: datetime) -> list[EvidenceProposal]:
    """Freeze what was seen for every active rule that holds, whose task is open and not submitted,
    and that has no proposal waiting. Nothing is submitted by it, and nothing is locked while
    nothing is proposed."""
    if not _proven(now):
        return []
    with transaction.atomic():
        take_the_pen()
        return [_proposed(rule, theirs, since, now) for rule, theirs, since in _proven(now)]


@transaction.atomic
def take_proposal(
    *, proposal: EvidenceProposal, now: datetime, by: str, note: str = ""
) -> EvidenceDecision:
    """Submit the task on behalf of its lead department, with the bundle as evidence file. Refused
    when it was decided, when the task cannot be submitted, or when an endpoint is down now."""
    take_the_pen()
    _check_undecided(proposal)
    _check_whole(proposal)
    _check_nothing_down(proposal, now)
    lead = _lead(proposal, now)
    record_step(
        task=proposal.rule.task,
        kind=Kind.SUBMITTED,
        effective_at=now,
        now=now,
        by=by,
        payload={"note": note, "evidence": proposal.sha256},
        on_behalf_of=lead,
    )
    decision = EvidenceDecision.objects.create(
        proposal=proposal, taken=True, decided_at=now, decided_by=by, note=note
    )
    # Last, so that no file stays behind when something before it is refused.
    record_evidence(
        task=proposal.rule.task,
        file=_file(proposal),
        effective_at=now,
        now=now,
        by=by,
        on_behalf_of=lead,
    )
    return decision


@transaction.atomic
def decline_proposal(
    *, proposal: EvidenceProposal, now: datetime, by: str, note: str
) -> EvidenceDecision:
    """Leave the task as it is, and say why. Refused when it was decided or without a note."""
    take_the_pen()
    _check_undecided(proposal)
    if not note.strip():
        raise Refused([_("Say why the proposal is declined")])
    return EvidenceDecision.objects.create(
        proposal=proposal, taken=False, decided_at=now, decided_by=by, note=note.strip()
    )


Proven = tuple[EvidenceRule, list[Watched], datetime]


def _proven(now: datetime) -> list[Proven]:
    """The rules that hold and wait for a proposal, with their endpoints and since when; four
    queries."""
    rules = list(_waiting(now))
    decisions = EvidenceDecision.objects.filter(proposal__rule__in=rules).order_by("decided_at")
    decided = dict(decisions.values_list("proposal__rule", "decided_at"))
    connections = {rule.connection_id for rule in rules}
    endpoints: dict[int, list[Watched]] = {key: [] for key in connections}
    for seen in watched(connections):
        endpoints[seen.connection].append(seen)
    interfaces: dict[int, list[str]] = {key: [] for key in connections}
    rows = Interface.objects.filter(connection__in=connections)
    for connection, code in rows.values_list("connection_id", "code"):
        interfaces[connection].append(code)
    found = []
    for rule in rules:
        theirs = endpoints[rule.connection_id]
        demand = Demand(rule.successes, timedelta(hours=rule.hours))
        proved = proof(
            [_run(seen, now) for seen in theirs],
            interfaces[rule.connection_id],
            demand,
            now,
            decided_at=decided.get(rule.pk),
        )
        if proved.holds and proved.since:
            found.append((rule, theirs, proved.since))
    return found


def _waiting(now: datetime) -> Iterable[EvidenceRule]:
    """Active rules whose task can be submitted and that have no proposal to decide on."""
    able = TaskSituation.objects.at(now).filter(
        task=OuterRef("task"), cancelled=False, completed=False, pending=False, paused=False
    )
    undecided = EvidenceProposal.objects.filter(rule=OuterRef("pk"), decision=None)
    rules = EvidenceRule.objects.filter(Exists(able), ~Exists(undecided), active=True)
    related = ("task", "connection__database", "connection__counterpart")
    return rules.select_related(*related).order_by("pk")


def _run(seen: Watched, now: datetime) -> Run:
    track = seen.track(now)
    return Run(seen.code, seen.interface, track.run, track.run_since, seen.depth)


def _proposed(
    rule: EvidenceRule, endpoints: list[Watched], since: datetime, now: datetime
) -> EvidenceProposal:
    text = bundle(rule, endpoints, since=since, now=now)
    return EvidenceProposal.objects.create(
        rule=rule, proposed_at=now, bundle=text, sha256=_sha256(text)
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _file(proposal: EvidenceProposal) -> "ContentFile[bytes]":
    connection, day = proposal.rule.connection.code, day_of(proposal.proposed_at)
    return ContentFile(proposal.bundle.encode(), name=f"{connection} {day.isoformat()}.json")


def _lead(proposal: EvidenceProposal, now: datetime) -> str:
    """The code of the department that leads the task; "" for one that is not assigned, which the
    ledger refuses."""
    held = TaskSituation.objects.at(now).filter(task=proposal.rule.task)
    return held.values_list("lead__code", flat=True).first() or ""


def _check_undecided(proposal: EvidenceProposal) -> None:
    decision = EvidenceDecision.objects.filter(proposal=proposal).first()
    if decision is not None:
        raise Refused(
            [
                _("The proposal was decided on already, by %(by)s: nothing was written now")
                % {"by": decision.decided_by}
            ]
        )


def _check_whole(proposal: EvidenceProposal) -> None:
    if _sha256(proposal.bundle) != proposal.sha256:
        raise Refused([_("The evidence was altered since it was frozen: ask the administrators")])


def _check_nothing_down(proposal: EvidenceProposal, now: datetime) -> None:
    theirs = watched([proposal.rule.connection_id])
    down = [seen.code for seen in theirs if seen.track(now).state is State.DOWN]
    if down:
        raise Refused(
            [
                _(
                    "%(endpoints)s is down now, so that the evidence does not hold any more: "
                    "decline the proposal; another is made when the probes prove it anew"
                )
                % {"endpoints": ", ".join(down)}
            ]
        )
