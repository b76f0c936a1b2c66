"""What stands on the page of a connection beside its form: how it stands today, and its history."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from databases.admin.connection_seen import contradicted, seen_now
from databases.models import Connection, Party, StageChange, StepRecord
from databases.models.connection import STAGE_NAMES
from databases.models.party import PartyRole
from databases.models.step import Step
from databases.pages.register_words import minutes_text, step_names, written
from databases.rules.periods import Period
from databases.rules.stage import Stage
from databases.rules.steps import Taken, missing
from tracking.rules.instants import day_of

_NEWEST = ("-done_on", "-recorded_at", "-pk")  # the order of application, turned round


@dataclass(frozen=True, slots=True)
class PartyRow:
    party: Party
    role: Any
    standing: str  # in words: in force, ended, not begun


class ConnectionPage:
    """Six queries, whatever the length of the history. The connection comes with its database and
    its owner. `linked`: the reader may open the endpoints."""

    def __init__(self, connection: Connection, now: datetime, *, linked: bool = False) -> None:
        self.connection, self.now, self.today = connection, now, day_of(now)
        self.linked = linked

    @cached_property
    def stages(self) -> list[StageChange]:
        rows = self.connection.stage_changes.select_related("document")
        return list(rows.order_by("-effective_on", "-recorded_at", "-pk"))

    @cached_property
    def steps(self) -> list[tuple[StepRecord, str]]:
        """Newest first, each with until when it holds, in words."""
        found: list[tuple[StepRecord, str]] = []
        renewed = False
        for record in self.connection.steps.order_by(*_NEWEST).select_related("document"):
            found.append((record, self._holds(record, renewed)))
            renewed = renewed or record.step == Step.SECURITY_MINUTES
        return found

    @cached_property
    def parties(self) -> list[PartyRow]:
        rows = self.connection.parties.select_related("department", "partner")
        order = list(PartyRole.values)
        found = sorted(rows, key=lambda p: (order.index(p.role), -p.valid_from.toordinal()))
        return [PartyRow(p, PartyRole(p.role).label, self._standing(p)) for p in found]

    @property
    def summary(self) -> list[tuple[Any, str]]:
        """Label and text of what holds today."""
        minutes = self._latest.get(Step.SECURITY_MINUTES)
        held = minutes_text(minutes.expires_on if minutes else None, self.today)
        named = [(role.label, self._named(role)) for role in PartyRole]
        seen = seen_now(self.connection, self.now, linked=self.linked)
        return [
            (_("stage"), self._stage()),
            (_("endpoints"), seen),
            (_("contradictions"), contradicted(self.connection)),
            (_("security minutes"), held),
            *named,
        ]

    @property
    def missing(self) -> str:
        return step_names(missing(self._latest))

    @cached_property
    def _latest(self) -> dict[str, Taken]:
        latest: dict[str, Taken] = {}
        for record, _holds in self.steps:  # newest first
            latest.setdefault(record.step, Taken(record.done_on, record.expires_on))
        return latest

    def _stage(self) -> str:
        held = next((s for s in self.stages if s.effective_on <= self.today), None)
        ahead = [s for s in self.stages if s.effective_on > self.today]
        said = [_stage_since(held)] if held else [_("not declared")]
        said += [_stage_ahead(change) for change in reversed(ahead)]
        return "; ".join(said)

    def _named(self, role: PartyRole) -> str:
        for row in self.parties:
            if row.party.role == role and _holds_on(row.party, self.today):
                return str(row.party.body)
        if role is PartyRole.OWNER:
            owner = self.connection.database.owner
            return _("not named; the owner of the database: %s") % owner
        return _("not named")

    def _holds(self, record: StepRecord, renewed: bool) -> str:
        """Nobody need be alarmed by old minutes that newer ones replaced."""
        if record.step != Step.SECURITY_MINUTES or record.expires_on is None:
            return ""
        if renewed:
            return _("until %s; signed again since") % written(record.expires_on)
        return minutes_text(record.expires_on, self.today)

    def _standing(self, party: Party) -> str:
        if _holds_on(party, self.today):
            return _("in force")
        return _("ended") if party.valid_from < self.today else _("not begun yet")


def _holds_on(party: Party, day: date) -> bool:
    return Period(party.valid_from, party.valid_to).holds_on(day)


def _stage_since(change: StageChange) -> str:
    said = {"stage": STAGE_NAMES[Stage(change.stage)], "day": written(change.effective_on)}
    return _("%(stage)s, since %(day)s") % said


def _stage_ahead(change: StageChange) -> str:
    said = {"stage": STAGE_NAMES[Stage(change.stage)], "day": written(change.effective_on)}
    return _("%(stage)s announced from %(day)s on") % said
