"""What does the page of a database say of each of its connections? What the register holds of it,
as of (T, K), in nine queries for all of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count

from databases.models import Connection, Database, Interface, Party, StageChange, StepRecord
from databases.models.step import Step
from databases.pages.connection_states import NOTHING, states_from
from databases.pages.register_words import doubt_sentence, minutes_text, written
from databases.pages.seen_words import seen_tag, stage_name
from databases.rules.periods import Period
from databases.rules.stage import Stage
from databases.rules.steps import (
    ORDER,
    SECURITY_MINUTES,
    SUSPENDED,
    Doubt,
    Facts,
    Taken,
    doubts,
    latest,
)
from tracking.models.situation import TaskSituation
from tracking.rules.instants import day_of
from tracking.rules.viewpoint import Viewpoint

# Of these the page tells by what it shows beside them.
_SHOWN_BESIDE = {Doubt.STEPS_MISSING, Doubt.NO_PROBE, Doubt.NO_ANSWER, Doubt.NO_INTERFACE}


@dataclass(frozen=True, slots=True)
class StepShown:
    """`record`: what holds of the step, None while it is missing. `number`: of the five."""

    number: int | None
    name: str
    record: StepRecord | None


@dataclass(frozen=True, slots=True)
class TaskShown:
    """The task of a connection; `standing` "" while it is not assigned or after it is cancelled."""

    task: Any
    standing: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class PartyShown:
    party: Party
    in_force: bool


@dataclass(frozen=True, slots=True)
class ConnectionPart:
    connection: Connection
    stage: str
    stage_on: str
    seen: str
    steps: Sequence[StepShown]
    taken: int  # of the five
    minutes: str
    stages: Sequence[StageChange]
    interfaces: Sequence[Interface]
    parties: Sequence[PartyShown]
    doubts: Sequence[str]
    task: TaskShown | None


class _Read:
    """The rows of all connections of a database, each kind once."""

    def __init__(self, database: Database, viewpoint: Viewpoint) -> None:
        self.viewpoint = viewpoint
        self.today = day_of(viewpoint.at)
        scope = {"at": viewpoint.at, "known_at": viewpoint.known_at}
        related = ("counterpart__owner", "task")
        rows = Connection.objects.filter(database=database).with_stage(**scope)
        self.connections: Sequence[Any] = list(rows.select_related(*related).order_by("code"))
        self.keys = [row.pk for row in self.connections]
        self.states = states_from(viewpoint, self.keys)
        stages = StageChange.objects.visible(**scope).reverse().select_related("document")
        self.stages = self._of(stages)
        self.steps = self._of(StepRecord.objects.visible(**scope).select_related("document"))
        self.interfaces = self._of(
            Interface.objects.annotate(checks=Count("endpoints")).order_by("code")
        )
        bodies = ("department", "partner")
        self.parties = self._of(
            Party.objects.select_related(*bodies).order_by("role", "-valid_from")
        )
        self.tasks = self._tasks()

    def _of(self, rows: Any) -> Mapping[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for row in rows.filter(connection__in=self.keys):
            found[row.connection_id].append(row)
        return found

    def _tasks(self) -> Mapping[int, TaskSituation]:
        """Task → how it stands at T."""
        at = self.viewpoint.at
        keys = [row.task_id for row in self.connections if row.task_id]
        rows = TaskSituation.objects.at(at).with_standing(at).filter(task__in=keys)
        return {row.task_id: row for row in rows}


def connection_parts(database: Database, viewpoint: Viewpoint) -> list[ConnectionPart]:
    read = _Read(database, viewpoint)
    return [_part(connection, database, read) for connection in read.connections]


def _part(connection: Any, database: Database, read: _Read) -> ConnectionPart:
    records = read.steps[connection.pk]
    taken = latest((row.step, Taken(row.done_on, row.expires_on)) for row in records)
    minutes = taken.get(SECURITY_MINUTES)
    facts = Facts(taken, database.security_level, len(read.interfaces[connection.pk]))
    return ConnectionPart(
        connection=connection,
        stage=stage_name(connection.stage),
        stage_on=written(connection.stage_on) if connection.stage_on else "",
        seen=seen_tag(read.states.get(connection.pk, NOTHING).seen),
        steps=_steps(records, taken),
        taken=sum(step in taken for step in ORDER),
        minutes=minutes_text(minutes.expires_on if minutes else None, read.today),
        stages=read.stages[connection.pk],
        interfaces=read.interfaces[connection.pk],
        parties=_parties(read.parties[connection.pk], read.today),
        doubts=_doubts(facts, read.today) if connection.stage == Stage.CONNECTED else (),
        task=_task(connection, read.tasks),
    )


def _steps(records: Sequence[StepRecord], taken: Mapping[str, Taken]) -> list[StepShown]:
    """The five in their order, also those that are missing; a suspension where there was one."""
    holds = {}
    for row in records:
        if taken[row.step] == Taken(row.done_on, row.expires_on):
            holds[row.step] = row
    shown = [
        StepShown(number, str(Step(step).label), holds.get(step))
        for number, step in enumerate(ORDER, start=1)
    ]
    beside = [step for step in (SECURITY_MINUTES, SUSPENDED) if step in holds]
    return shown + [StepShown(None, str(Step(step).label), holds[step]) for step in beside]


def _parties(rows: Sequence[Party], today: date) -> list[PartyShown]:
    periods = [(row, Period(row.valid_from, row.valid_to)) for row in rows]
    return [PartyShown(row, period.holds_on(today)) for row, period in periods]


def _doubts(facts: Facts, today: date) -> list[str]:
    return [
        doubt_sentence(doubt, facts) for doubt in doubts(facts, today) if doubt not in _SHOWN_BESIDE
    ]


def _task(connection: Connection, standing: Mapping[int, Any]) -> TaskShown | None:
    if connection.task is None:
        return None
    row = standing.get(connection.task.pk)
    if row is None:
        return TaskShown(connection.task, "", None)
    return TaskShown(connection.task, row.standing, row.due_on)
