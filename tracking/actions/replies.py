"""What those concerned answer: a department to its mark, a body to a wait declared on it. Added
to the record, never changed; no standing and no mark depends on it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.ledger import last_knowledge
from tracking.actions.refusals import Refused
from tracking.models import Department, Event, Remark, WaitAnswer
from tracking.models.pen import take_the_pen
from tracking.models.registers import registers
from tracking.models.scorecards import reasons_at
from tracking.models.waits import is_open
from tracking.rules.canonical import nfc
from tracking.rules.departments import places_taken
from tracking.rules.instants import MICROSECOND, day_of

LONGEST = 1000


@transaction.atomic
def give_remark(
    *,
    department: Department,
    tasks: Sequence[str],
    text: str,
    now: datetime,
    by: str,
    in_place_of: str = "",
) -> Remark:
    """The remark of a marked department on some of its reasons. The same remark once more, as a
    second click sends it, is the one that stands. Refused when there is nothing to answer."""
    take_the_pen()
    codes, said = sorted(set(tasks)), nfc(text.strip())
    newest = department.remarks.order_by("-recorded_at", "-pk").first()
    if newest and (newest.tasks, newest.text, newest.actor) == (codes, said, by):
        return newest
    _check_remark(codes, said, reasons_now(department, now), department)
    return Remark.objects.create(
        department=department,
        tasks=codes,
        text=said,
        recorded_at=_after_lists(now),
        actor=by,
        in_place_of=in_place_of,
    )


@transaction.atomic
def answer_wait(
    *, event: Event, answer: str, text: str, now: datetime, by: str, in_place_of: str = ""
) -> WaitAnswer:
    """Confirms or disputes the wait that this entry declared. The same answer once more is the one
    that stands. Refused when the wait is over, or disputed without a reason."""
    take_the_pen()
    said = nfc(text.strip())
    newest = event.wait_answers.order_by("-recorded_at", "-pk").first()
    if newest and (newest.answer, newest.text, newest.actor) == (answer, said, by):
        return newest
    _check_answer(event, answer, said, now)
    return WaitAnswer.objects.create(
        event=event,
        answer=answer,
        text=said,
        recorded_at=_after_lists(now),
        actor=by,
        in_place_of=in_place_of,
    )


def reasons_now(department: Department, now: datetime) -> list[str]:
    """Codes of the tasks for which the department is marked; three queries."""
    facts = registers().facts
    return reasons_at(places_taken(department.code, facts, day_of(now)), now)


def _check_remark(
    codes: Sequence[str], said: str, reasons: Sequence[str], department: Department
) -> None:
    if not reasons:
        raise Refused([not_marked(department)])
    faults = [
        _("%(task)s is not a reason for the mark: choose among those that are") % {"task": code}
        for code in codes
        if code not in reasons
    ]
    if not codes:
        faults.append(_("the remark answers no task: choose at least one"))
    if not said:
        faults.append(_("the remark is empty: write what is to be printed"))
    if faults + _too_long(said):
        raise Refused(faults + _too_long(said))


def not_marked(department: Department) -> str:
    return _("%(department)s is not marked now: there is nothing to answer") % {
        "department": department.name
    }


def _check_answer(event: Event, answer: str, said: str, now: datetime) -> None:
    if not is_open(event, now):
        raise Refused([_("the task does not wait for that any more: there is nothing to answer")])
    if answer not in WaitAnswer.Answer.values:
        raise Refused([_("the answer neither confirms nor disputes: choose one of the two")])
    if answer == WaitAnswer.Answer.DISPUTED and not said:
        raise Refused([_("a wait is disputed with a reason: write it")])
    if _too_long(said):
        raise Refused(_too_long(said))


def _too_long(said: str) -> list[str]:
    if len(said) <= LONGEST:
        return []
    return [
        _("the text has %(length)d characters, at most %(limit)d are kept: shorten it")
        % {"length": len(said), "limit": LONGEST}
    ]


def _after_lists(now: datetime) -> datetime:
    """A list issued while the form was on its way does not hold what came after it."""
    issued = last_knowledge()
    return issued + MICROSECOND if issued and now <= issued else now
