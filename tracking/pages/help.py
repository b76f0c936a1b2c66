"""The words of the list as the help page explains them: named once, in the renderers and rules."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import word
from tracking.rules.legend import legend

_WHEN = {
    "completed_on_time": _("The accepted result was submitted before the deadline then ended."),
    "completed_late": _("The accepted result was submitted after that end."),
    "in_time": _("Open, and the last day in time is not over; or submitted in time and waiting."),
    "overdue": _("Open, the last day in time is over, and nothing submitted in time is waiting."),
    "no_deadline": _("Open, and no date was decided."),
    "paused": _("A decision suspends it: nothing is counted as late until it is resumed."),
}
_FLAGS = {
    "pending": _("Waits for the NHIC; it was in time and cannot become late while it waits."),
    "pending_late": _("Waits for the NHIC; it was late, and no later than it was."),
    "due_soon": _("The last day in time is near."),
    "reduced": _("A decision moved the deadline forward."),
    "reopened": _("It was completed once and is open again with the deadline it had."),
    "stale": _("Nobody has reported on it for a long time."),
    "no_information": _("Submitted without a product or evidence."),
}


def words_of_help(language: str) -> dict[str, Any]:
    """What the templates of the help page are filled in with."""
    return {
        "standings": standings(),
        "flags": flags(language),
        "legends": legends(language),
        "due_soon": settings.DUE_SOON_DAYS,
        "stale": settings.STALE_WORKING_DAYS,
    }


def standings() -> list[tuple[str, Any]]:
    """(code, when a task stands so), in the order of the list."""
    return [(code, _WHEN[code]) for code in STANDINGS]


def flags(language: str) -> list[tuple[str, Any]]:
    """(name as the list prints it, what it says)."""
    return [(_capital(word(code, language)), said) for code, said in _FLAGS.items()]


def legends(language: str) -> list[str]:
    """The sentences that every list prints under itself."""
    return [row["text"][language] for row in legend()]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
