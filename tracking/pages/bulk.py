"""What would one decision do to each of many tasks? The preview, before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max

from tracking.actions.bulk import Decision, Outcome, outcomes
from tracking.models import Event, Task
from tracking.models.registers import registers
from tracking.pages.entries import content_of
from tracking.pages.task_list_words import TaskWords
from tracking.pages.task_page import yardstick
from tracking.pages.task_steps import STEPS, Step
from tracking.renderers.cells import sentence
from tracking.rules.chosen import Candidate
from tracking.rules.events import Kind
from tracking.rules.lines import TaskFacts
from tracking.rules.situation import Situation
from tracking.rules.standing import judge
from tracking.tables.task_columns import TaskRow

_KINDS = (
    Kind.EXTENSION_GRANTED,
    Kind.EXTENSION_REFUSED,
    Kind.ACCEPTED,
    Kind.PAUSED,
    Kind.RESUMED,
    Kind.REASSIGNED,
    Kind.REQUIREMENT_CHANGED,
    Kind.CANCELLED,
)
# As many as somebody can still answer for having looked at.
MOST = 500


def kinds_offered() -> list[Step]:
    return [STEPS[str(kind)] for kind in _KINDS]


@dataclass(frozen=True, slots=True)
class Foreseen:
    """A task before and after, in words; `refusals` say why nothing would be recorded for it."""

    before: TaskRow
    after: TaskRow
    refusals: Sequence[str]


@dataclass(frozen=True, slots=True)
class Preview:
    """`seen`: number of the newest entry of the ledger that the preview rests on."""

    allowed: Sequence[Foreseen]
    refused: Sequence[Foreseen]
    content: Sequence[tuple[str, str]]
    seen: int

    @property
    def keys(self) -> str:
        return ",".join(str(row.before.key) for row in self.allowed)


def tasks_of(keys: Iterable[int]) -> list[Task]:
    """In the order of their codes; those that exist."""
    rows = Task.objects.select_related("first_lead", "plan").filter(pk__in=list(keys))
    return list(rows.order_by("code"))


def preview(tasks: Sequence[Task], decision: Decision, now: datetime) -> Preview:
    seen = Event.objects.aggregate(newest=Max("number"))["newest"] or 0
    # Judged when the decision holds: later than now if it is announced ahead.
    held = registers()
    measure = yardstick(max(now, decision.effective_at), held)
    words = TaskWords(measure, held)
    rows = [_foreseen(found, words) for found in outcomes(tasks, decision, now)]
    return Preview(
        allowed=[row for row in rows if not row.refusals],
        refused=[row for row in rows if row.refusals],
        content=list(content_of(decision.payload, words.spoken)),
        seen=seen,
    )


def _foreseen(found: Outcome, words: TaskWords) -> Foreseen:
    refusals = [sentence([refusal]) + "." for refusal in found.refusals]
    before = _row(found.task, found.before, words)
    after = _row(found.task, found.after, words)
    return Foreseen(before, after, refusals)


def _row(task: Task, situation: Situation, words: TaskWords) -> TaskRow:
    facts = TaskFacts(task.code, task.plan.code, task.names, situation)
    judged = judge(situation, words.measure) if situation.in_scope else None
    return words.row(Candidate(task.pk, task.search, facts, judged))


def decision_of(step: Step, form: Any, now: datetime, by: str) -> Decision:
    """What a valid form of that step decides."""
    behalf = form.cleaned_data.get("on_behalf_of")
    return Decision(
        kind=step.kind,
        effective_at=form.cleaned_data["effective_at"] or now,
        by=by,
        payload=step.arguments(form)["payload"],
        on_behalf_of=behalf.code if behalf else "",
    )
