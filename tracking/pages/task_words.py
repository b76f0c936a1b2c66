"""Why does a task stand as it does? Sentences for the task page."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _, gettext_lazy

from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import word
from tracking.rules.situation import Situation
from tracking.rules.standing import Judgement, Standing

CANCELLED = gettext_lazy("Cancelled")
NOT_ASSIGNED = gettext_lazy("Not assigned yet")


def standing_names(language: str) -> list[tuple[str, str]]:
    """(code, name in words) of the six standings."""
    return [(code, word(code, language)) for code in STANDINGS]


def day_text(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def moment_text(instant: datetime) -> str:
    return date_format(localtime(instant), "SHORT_DATETIME_FORMAT")


def reasons(situation: Situation, judgement: Judgement | None) -> list[str]:
    """Why the task stands as it does, one sentence each; the task may be out of scope."""
    if judgement is None:
        return list(_out_of_scope(situation))
    return list(_REASONS[judgement.standing](situation))


def _out_of_scope(situation: Situation) -> Iterator[str]:
    if not situation.cancelled:
        yield _("The assignment takes effect later: no list counts this task until then.")
        return
    yield _("Cancelled by a decision: no later list counts this task.")
    if situation.cancelled_reason:
        yield _("Reason: %(reason)s") % {"reason": situation.cancelled_reason}


def _completed(situation: Situation) -> Iterator[str]:
    made = situation.submission
    assert made is not None  # the standing says so
    yield _("Submitted on %(at)s and accepted.") % {"at": moment_text(made.at)}
    if made.judged_by is None:
        yield _("No deadline was in force at the submission.")
        return
    sentence = (
        _("That was in time: %(day)s was the last day in time of the deadline then in force.")
        if made.before_own_end
        else _("That was late: %(day)s was the last day in time of the deadline then in force.")
    )
    yield sentence % {"day": day_text(made.judged_by.last_day)}


def _paused(situation: Situation) -> Iterator[str]:
    yield _("Suspended by a decision: no lateness is counted until the task is resumed.")


def _no_deadline(situation: Situation) -> Iterator[str]:
    yield _("No date was decided.")
    if situation.wording:
        yield _("Words of the order: %(wording)s") % {"wording": situation.wording}


def _open(situation: Situation) -> Iterator[str]:
    deadline, made = situation.deadline, situation.submission
    assert deadline is not None  # the standing says so
    day = {"day": day_text(deadline.last_day)}
    if made is None:
        yield _("%(day)s is the last day in time; nothing awaits verification.") % day
        return
    yield _("The end of %(day)s is the end of the deadline.") % day
    sentence = (
        _("The result submitted on %(at)s, before that end, awaits verification.")
        if situation.submitted_in_time
        else _(
            "The result submitted on %(at)s, after the end of the deadline, awaits verification."
        )
    )
    yield sentence % {"at": moment_text(made.at)}


_REASONS: dict[Standing, Callable[[Situation], Iterator[str]]] = {
    Standing.COMPLETED_ON_TIME: _completed,
    Standing.COMPLETED_LATE: _completed,
    Standing.PAUSED: _paused,
    Standing.NO_DEADLINE: _no_deadline,
    Standing.IN_TIME: _open,
    Standing.OVERDUE: _open,
}
