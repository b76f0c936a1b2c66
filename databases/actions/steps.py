"""The only writer of the official steps of connections."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from databases.actions.stages import after_the_lists
from databases.models import Connection, StepRecord
from databases.models.connection_facts import taken_steps
from databases.models.step import Step
from databases.rules.steps import out_of_order
from tracking.actions.refusals import Refused
from tracking.models import Document
from tracking.models.pen import take_the_pen
from tracking.rules.instants import day_of


@transaction.atomic
def record_step(
    *,
    connection: Connection,
    step: Step,
    done_on: date,
    expires_on: date | None,
    document: Document | None,
    note: str,
    now: datetime,
    by: str,
) -> StepRecord:
    """Append a step that was taken to the history of the connection, in any order. Refused when its
    day lies ahead, or when security minutes, and they alone, do not say until when they hold."""
    take_the_pen()
    if faults := step_faults(step, done_on, expires_on, day_of(now)):
        raise Refused(f"{field}: {sentence}" for field, sentence in faults.items())
    when = {"done_on": done_on, "expires_on": expires_on, "recorded_at": after_the_lists(now)}
    said = {"document": document, "note": note.strip(), "actor": by}
    return StepRecord.objects.create(connection=connection, step=step, **when, **said)


def step_faults(step: Step, done_on: date, expires_on: date | None, today: date) -> dict[str, str]:
    """Field -> what is wrong with it."""
    faults = {}
    if done_on > today:
        faults["done_on"] = _("the day lies ahead: a step is recorded once it is taken")
    if step is not Step.SECURITY_MINUTES:
        if expires_on is not None:
            faults["expires_on"] = _("only security minutes expire: leave the day out")
    elif expires_on is None:
        faults["expires_on"] = _("security minutes hold for a time: give the last day of it")
    elif expires_on < done_on:
        faults["expires_on"] = _("the last day lies before the minutes were signed: correct it")
    return faults


def step_warnings(record: StepRecord) -> list[str]:
    """What does not fit the other steps of the connection, though it was recorded."""
    taken = taken_steps(record.connection, record.recorded_at)
    before, after = out_of_order(record.step, record.done_on, taken)
    own = _said(record.step, record.done_on)
    later = _("%(step)s builds on %(other)s, which was done later: check the days")
    earlier = _("%(other)s builds on %(step)s, but was done earlier: check the days")
    return [
        *(later % {"step": own, "other": _said(s, taken[s].done_on)} for s in before),
        *(earlier % {"step": own, "other": _said(s, taken[s].done_on)} for s in after),
    ]


def _said(step: str, day: date) -> str:
    """The step and its day, as sentences name them."""
    return f"“{Step(step).label}” ({day:%d/%m/%Y})"
