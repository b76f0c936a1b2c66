"""What does the page of one endpoint show? A fixed number of queries."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from databases.models import (
    Check,
    Endpoint,
    EndpointChange,
    Maintenance,
    Outage,
    Party,
    ProbeRequest,
    Transition,
)
from databases.models.history import History
from databases.models.pump_seen import PumpSeen, pump_seen
from databases.pages.endpoint_journal import told
from databases.pages.history_words import (
    Latencies,
    Span,
    charts_of,
    latencies_of,
    spans_of,
)
from databases.pages.outage_page import blame_name
from databases.pages.probe_words import (
    age_text,
    change_text,
    current_track,
    due_text,
    kind_name,
    reason_text,
    result_name,
    state_tag,
    to_the_second,
    took_text,
    waits_for,
)
from databases.pump.configuration import limits_of
from databases.renderers.bars import PART_NAMES, Chart
from databases.renderers.measures import lasting, milliseconds
from databases.rules.track import State, Track
from tracking.rules.instants import day_of

CHECKS, OUTAGES, CHANGES = 50, 20, 20
_PHASES = ("names", "connect", "tls", "first_byte", "total")
_ON_THE_WAY = timedelta(seconds=10)  # from a request to its result on the page


@dataclass(frozen=True, slots=True)
class Seen:
    """A check as it is printed; a dash for a phase that was not reached."""

    check: Check
    at: str
    result: str
    reason: str
    phases: tuple[str, ...]
    others: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A change of state as it is printed."""

    step: Transition
    at: str
    before: str
    after: str
    reason: str


class EndpointPage:
    def __init__(self, endpoint: Endpoint, now: datetime) -> None:
        self.endpoint = endpoint
        self.seen = endpoint.seen
        self.now = now
        self.history = History(endpoint, now)

    @cached_property
    def track(self) -> Track:
        return current_track(self.endpoint, self.now)

    @property
    def state(self) -> str:
        return state_tag(self.track.state, paused=self.endpoint.paused)

    @property
    def since(self) -> str:
        return to_the_second(self.track.since)

    @property
    def for_long(self) -> str:
        return lasting(self.now - self.track.since)

    @property
    def waits(self) -> list[str]:
        limits = limits_of(self.endpoint.interval, self.endpoint.timeout)
        return list(waits_for(self.track, limits))

    @property
    def last_result(self) -> str:
        said = (result_name(self.seen.last_result), reason_text(self.seen.last_reason))
        return ": ".join(filter(None, said))

    @property
    def last_at(self) -> str:
        return to_the_second(self.seen.last_at)

    @property
    def took(self) -> str:
        return took_text(self.endpoint)

    @property
    def age(self) -> str:
        return age_text(self.seen)

    @property
    def due(self) -> str:
        return due_text(self.seen, self.now)

    @property
    def kind(self) -> str:
        return kind_name(self.endpoint.kind)

    @property
    def connection(self) -> Any:
        interface = self.endpoint.interface
        return interface.connection if interface else None

    @property
    def spec(self) -> str:
        return json.dumps(self.endpoint.spec, ensure_ascii=False, indent=2)

    @cached_property
    def pumps(self) -> PumpSeen:
        return pump_seen(self.now)

    @cached_property
    def request(self) -> ProbeRequest | None:
        """The newest press of "probe now"."""
        return self.endpoint.requests.order_by("-at", "-pk").first()

    @property
    def awaited(self) -> bool:
        """Is a probe that was asked for still under way?"""
        asked = self.request
        if asked is None or self.endpoint.paused:
            return False
        return self.seen.last_at is None or self.seen.last_at < asked.at

    @property
    def expected_within(self) -> str:
        return lasting(timedelta(milliseconds=self.endpoint.timeout) + _ON_THE_WAY)

    @cached_property
    def checks(self) -> list[Seen]:
        rows = Check.objects.filter(endpoint=self.endpoint).order_by("-slot_at")
        return [seen_check(check) for check in rows[:CHECKS]]

    @cached_property
    def charts(self) -> Sequence[Chart]:
        return charts_of(self.history)

    @property
    def spans(self) -> Sequence[Span]:
        return spans_of(self.history)

    @property
    def latencies(self) -> Latencies:
        return latencies_of(self.history)

    @cached_property
    def outages(self) -> list[tuple[Outage, str, str]]:
        """With their length, and whose fault they look like."""
        rows = self.endpoint.outages.order_by("-started_at", "-pk")[:OUTAGES]
        return [
            (row, lasting((row.ended_at or self.now) - row.started_at), blame_name(row.blame))
            for row in rows
        ]

    @property
    def open_outage(self) -> Outage | None:
        newest = self.outages[0][0] if self.outages else None
        return newest if newest and newest.ended_at is None else None

    @property
    def legend(self) -> list[tuple[str, object]]:
        return list(PART_NAMES.items())

    @cached_property
    def changes(self) -> list[Moved]:
        rows = self.endpoint.transitions.order_by("-pk")[:CHANGES]
        return [moved(row) for row in rows]

    @cached_property
    def maintenance(self) -> Sequence[Maintenance]:
        return list(self.endpoint.maintenance.filter(end__gt=self.now).order_by("start"))

    @cached_property
    def parties(self) -> Sequence[Party]:
        """Whom to call today."""
        if self.connection is None:
            return []
        rows = Party.objects.in_force(day_of(self.now)).filter(connection=self.connection)
        return list(rows.select_related("department", "partner"))

    @cached_property
    def journal(self) -> Sequence[tuple[EndpointChange, list[str]]]:
        """Who changed what of its configuration, a line for each field."""
        rows = EndpointChange.objects.filter(endpoint=self.endpoint)[:OUTAGES]
        return [(row, told(row)) for row in rows]


def seen_check(check: Check) -> Seen:
    others = (
        (_("status %d"), check.status),
        (_("certificate: %d days left"), check.days_left),
        (_("slots missed before: %d"), check.missed or None),
    )
    said = [words % value for words, value in others if value is not None]
    if check.age is not None:
        said.append(_("data %s old") % lasting(timedelta(seconds=check.age)))
    return Seen(
        check,
        to_the_second(check.started_at),
        result_name(check.result),
        reason_text(check.reason),
        tuple(milliseconds(getattr(check, phase)) for phase in _PHASES),
        "; ".join(said),
    )


def moved(step: Transition) -> Moved:
    return Moved(
        step,
        to_the_second(step.at),
        state_tag(step.before),
        state_tag(step.after),
        change_text(step.reason, unseen=step.after == State.UNKNOWN),
    )
