"""The register of contradictions: kept by rule, accepted for a while by people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from databases.actions.connections_seen import connections_seen
from databases.models import Connection, Contradiction, ContradictionEntry
from databases.rules import contradictions as rules
from databases.rules.contradictions import Changes, Event, WaiverFault
from databases.rules.declared_and_seen import Patience, judge
from tracking.actions.ledger import last_knowledge
from tracking.actions.refusals import Refused
from tracking.models.pen import take_the_pen
from tracking.rules.instants import MICROSECOND

_FAULTS = {
    WaiverFault.CLOSED: _("The contradiction is closed already: there is nothing to accept"),
    WaiverFault.UNSAID: _("Say who accepts the contradiction, and why"),
    WaiverFault.TOO_LONG: _(
        "A contradiction is accepted from now for at most 90 days: give an earlier end"
    ),
}


def reconcile_contradictions(*, now: datetime) -> Changes:
    """Open, change and close contradictions by what is declared and seen at `now`; what changed.

    The same number of queries whatever the size of the register. Nothing is locked while nothing
    changes; run twice or by two at once, each change is written once."""
    if not _changes(now, known_at=now):
        return Changes()
    with transaction.atomic():
        known_at = _known_at(now)
        changes = _changes(now, known_at=known_at)
        _write(changes, known_at)
    return changes


@transaction.atomic
def waive(
    *, contradiction: Contradiction, until: datetime, reason: str, now: datetime, by: str
) -> ContradictionEntry:
    """Accept an open contradiction until then; it stays open. Refused when it is closed, without a
    reason, or for longer than 90 days."""
    now = _known_at(now)
    course = ContradictionEntry.objects.filter(contradiction=contradiction)
    [held] = course.told()
    fault = rules.waiver_fault(held, now, until=until, by=by, reason=reason)
    if fault:
        raise Refused([_FAULTS[fault]])
    return ContradictionEntry.objects.create(
        contradiction=contradiction,
        at=now,
        event=ContradictionEntry.WAIVED,
        until=until,
        by=by,
        reason=reason.strip(),
    )


def patience() -> Patience:
    """How long something must have been so; the hours of the setting CONTRADICTION_PATIENCE."""
    hours: Mapping[str, float] = getattr(settings, "CONTRADICTION_PATIENCE", {})
    return Patience(**{name: timedelta(hours=count) for name, count in hours.items()})


def _known_at(now: datetime) -> datetime:
    """Take the pen; when an entry of `now` becomes known, which is behind no issued list."""
    take_the_pen()
    issued = last_knowledge()
    return issued + MICROSECOND if issued and now <= issued else now


def _changes(now: datetime, *, known_at: datetime) -> Changes:
    register = ContradictionEntry.objects.of_open().told()
    waiting = patience()
    judged = [found for seen in connections_seen(now) for found in judge(seen, now, waiting)]
    return rules.reconcile(register, judged, known_at)


def _write(changes: Changes, at: datetime) -> None:
    closed = [found.key for found in changes.closed if found.key is not None]
    Contradiction.objects.filter(pk__in=closed).update(closed_at=at)
    told = {
        Event.OPENED: _with_rows(changes.opened),
        Event.CHANGED: changes.changed,
        Event.CLOSED: changes.closed,
    }
    ContradictionEntry.objects.bulk_create(
        [_entry(event, found, at) for event, those in told.items() for found in those]
    )


def _with_rows(opened: Sequence[rules.Contradiction]) -> list[rules.Contradiction]:
    """The same, once their rows are written."""
    keys = dict(Connection.objects.values_list("code", "pk")) if opened else {}
    rows = Contradiction.objects.bulk_create(
        Contradiction(
            connection_id=keys[found.connection],
            rule=found.rule.value,
            since=found.since,
            opened_at=found.opened_at,
        )
        for found in opened
    )
    return [replace(found, key=row.pk) for found, row in zip(opened, rows, strict=True)]


def _entry(event: Event, found: rules.Contradiction, at: datetime) -> ContradictionEntry:
    said: dict[str, Any] = {"party": found.party.value, "endpoints": list(found.endpoints)}
    if event is Event.CLOSED:
        said = {"reason": found.closed_because}
    row: dict[str, Any] = {"contradiction_id": found.key, "at": at, "event": event.value}
    return ContradictionEntry(**row, **said)
