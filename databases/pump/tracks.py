"""How does a track change without an attempt: by an edit, a pause, or because nobody looked?"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from databases.models import EndpointState, Transition as TransitionRow
from databases.pump.consequences import Change, follow_outages
from databases.rules.track import Step, Transition
from databases.rules.track_text import to_text


@dataclass(frozen=True, slots=True)
class Written:
    """The row of an endpoint, locked by the caller, and what becomes of its track."""

    seen: EndpointState
    step: Step


def write_tracks(written: Sequence[Written]) -> None:
    """Save the tracks, the changes of state and what follows for outages; in a transaction of the
    caller. Whoever holds a lease on one of the endpoints loses it."""
    for row in written:
        track, _ = row.step
        row.seen.state, row.seen.since = track.state.value, track.since
        row.seen.track = to_text(track)
        row.seen.lease_until = None
        row.seen.lease_token += 1
        row.seen.save()
    changes = [Change(row.seen.pk, row.step[1]) for row in written if row.step[1]]
    TransitionRow.objects.bulk_create(
        transition_row(change.endpoint, step) for change in changes for step in change.transitions
    )
    follow_outages(changes)


def transition_row(
    endpoint: int, step: Transition, known_at: datetime | None = None
) -> TransitionRow:
    """`known_at`: when it is written, where that is later than the attempt that showed it."""
    return TransitionRow(
        endpoint_id=endpoint,
        at=step.at,
        known_at=max(step.known_at, known_at or step.known_at),
        before=step.before.value,
        after=step.after.value,
        reason=step.reason,
        blame=step.blame.value if step.blame else "",
        by_parent=step.by_parent,
        maintenance=step.maintenance,
    )
