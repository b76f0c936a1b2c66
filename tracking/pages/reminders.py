"""The ladder of reminders and what was told of it, in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from tracking.forms.reminder_step import AUDIENCES
from tracking.rules.reminders import DEFAULT_LADDER, Audience, Measure, Rung, Step


@dataclass(frozen=True, slots=True)
class StepInWords:
    when: str
    to: str


def default_ladder() -> Iterator[StepInWords]:
    for step in DEFAULT_LADDER.steps:
        yield StepInWords(step_in_words(step), told_to(step.to))


def step_in_words(step: Step) -> str:
    if step.measure is Measure.OVERDUE_WEEKS:
        return _("week %(number)s overdue, and every week after") % {"number": step.amount}
    if step.measure is Measure.UNVERIFIED_DAYS:
        return ngettext(
            "%(days)s working day awaiting verification, and every 5 after",
            "%(days)s working days awaiting verification, and every 5 after",
            step.amount,
        ) % {"days": step.amount}
    return rung_in_words(Rung(step.measure, step.amount))


def rung_in_words(rung: Rung) -> str:
    match rung.measure:
        case Measure.SHARE:
            return _("%(share)s%% of the working time is used") % {"share": rung.amount}
        case Measure.DUE:
            return _("last day in time")
        case Measure.OVERDUE_WEEKS:
            return _("week %(number)s overdue") % {"number": rung.amount}
        case Measure.UNVERIFIED_DAYS:
            return ngettext(
                "%(days)s working day awaiting verification",
                "%(days)s working days awaiting verification",
                rung.amount,
            ) % {"days": rung.amount}


def told_to(audiences: Iterable[Audience]) -> str:
    chosen = frozenset(audiences)
    named = [str(label) for who, label in AUDIENCES.items() if who in chosen]
    return "; ".join(named) or _("nobody: switched off")


def subject_in_words(subject: str) -> str:
    """The deadline, or the submission, that a person was told of."""
    what, _slash, number = subject.partition("/")
    if what == "submitted":
        return _("result submitted, entry %(number)s of the ledger") % {"number": number}
    return date_format(date.fromisoformat(what), "SHORT_DATE_FORMAT")
