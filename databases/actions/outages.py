"""What people do about an outage: take it on, note, judge, and close it when it cannot recover."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import EndpointState, Outage, OutageEntry
from databases.pump.configuration import limits_of
from databases.pump.consequences import save, told
from databases.pump.tracks import Written, write_tracks
from databases.rules import outages, state
from databases.rules.blame import Because, Verdict
from databases.rules.outages import ACKNOWLEDGED_AT_MOST, Event
from databases.rules.track import Blame
from databases.rules.track_text import from_text
from tracking.actions.refusals import Refused

Told = outages.Outage


@transaction.atomic
def acknowledge_outage(
    *, outage: Outage, until: datetime, note: str, now: datetime, by: str
) -> Outage:
    """Say that somebody works on it, and until when at the latest they will have looked again."""
    _seen, row = _locked(outage)
    faults = [*_wordless(note), *_closed(row)]
    if not now < until <= now + ACKNOWLEDGED_AT_MOST:
        hours = int(ACKNOWLEDGED_AT_MOST.total_seconds() // 3600)
        said = _("an acknowledgement ends later than now, and within %d hours: choose another end")
        faults.append(said % hours)
    return _written(
        row,
        faults,
        lambda before: outages.acknowledge(before, now, by=by, until=until, note=note),
    )


@transaction.atomic
def note_outage(*, outage: Outage, note: str, now: datetime, by: str) -> Outage:
    """Add a note to its course, open or closed."""
    _seen, row = _locked(outage)
    return _written(
        row, _wordless(note), lambda before: outages.add_note(before, now, by=by, note=note)
    )


@transaction.atomic
def judge_outage(
    *, outage: Outage, blame: Blame | None, why: str, now: datetime, by: str
) -> Outage:
    """Another verdict, beside the earlier ones. `blame` None: it cannot be told."""
    _seen, row = _locked(outage)
    verdict = Verdict(blame, Because.PERSON, why.strip())
    return _written(
        row,
        _wordless(why),
        lambda before: outages.judge_again(before, now, by=by, verdict=verdict),
    )


@transaction.atomic
def ask_to_close(*, outage: Outage, note: str, now: datetime, by: str) -> Outage:
    """The first of the two persons that closing without a recovery takes."""
    _seen, row = _locked(outage)
    return _written(
        row,
        [*_wordless(note), *_closed(row)],
        lambda before: outages.ask_to_close(before, now, by=by, note=note),
    )


@transaction.atomic
def agree_to_close(*, outage: Outage, now: datetime, by: str) -> Outage:
    """The second one: the outage ends, and its endpoint is unknown until it is seen again."""
    seen, row = _locked(outage)
    asked = asked_to_close(row)
    if faults := [*_closed(row), *_alone(asked, by)]:
        raise Refused(faults)
    assert asked is not None  # the faults say so
    limits = limits_of(seen.endpoint.interval, seen.endpoint.timeout)
    write_tracks([Written(seen, state.release(from_text(seen.track), now, limits))])
    row.refresh_from_db()
    by_whom, note = asked.by, asked.note
    return _written(
        row,
        [],
        lambda before: outages.close_by_hand(before, now, by=by_whom, agreed_by=by, note=note),
    )


def asked_to_close(outage: Outage) -> OutageEntry | None:
    """Who asked last to close it without a recovery."""
    return outage.course.filter(event=Event.CLOSE_ASKED.value).order_by("-pk").first()


def _locked(outage: Outage) -> tuple[EndpointState, Outage]:
    """The pump writes the state of an endpoint before its outage: who holds the one is alone with
    the other."""
    states = EndpointState.objects.select_for_update(of=("self",)).select_related("endpoint")
    seen = states.get(pk=outage.endpoint_id)
    return seen, Outage.objects.get(pk=outage.pk)


def _written(row: Outage, faults: list[str], change: Callable[[Told], Told]) -> Outage:
    if faults:
        raise Refused(faults)
    return save(row.endpoint_id, row, change(told(row)))


def _wordless(note: str) -> list[str]:
    return [] if note.strip() else [_("nothing was said: write a sentence for those who read it")]


def _closed(row: Outage) -> list[str]:
    return [_("the outage has ended already: add a note instead")] if row.ended_at else []


def _alone(asked: OutageEntry | None, by: str) -> list[str]:
    if asked is None:
        return [_("nobody has asked to close it: ask first, then another person agrees")]
    if asked.by == by:
        return [_("you asked for it yourself: closing without a recovery takes another person")]
    return []
