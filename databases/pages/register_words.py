"""What the pages of the register say: of security minutes, and of what speaks against a stage."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _, ngettext

from databases.models.step import Step
from databases.rules.steps import SECURITY_MINUTES, Doubt, Facts, Minutes, minutes_on, missing


def minutes_text(expires_on: date | None, today: date) -> str:
    """In words first; a color stands only beside them."""
    standing = minutes_on(today, expires_on)
    said = _MINUTES[standing](expires_on, today)
    return format_html('<span class="minutes minutes-{}">{}</span>', standing, said)


def _expired(expires_on: Any, today: date) -> str:
    days = (today - expires_on).days
    sentence = ngettext(
        "EXPIRED on %(day)s, %(count)d day ago", "EXPIRED on %(day)s, %(count)d days ago", days
    )
    return sentence % {"day": written(expires_on), "count": days}


def _soon(expires_on: Any, today: date) -> str:
    days = (expires_on - today).days
    if days == 0:
        return _("expire today, %s") % written(expires_on)
    sentence = ngettext(
        "expire on %(day)s, in %(count)d day", "expire on %(day)s, in %(count)d days", days
    )
    return sentence % {"day": written(expires_on), "count": days}


_MINUTES: dict[Minutes, Callable[[Any, date], str]] = {
    Minutes.NONE: lambda _day, _today: _("none recorded"),
    Minutes.HOLD: lambda day, _today: _("hold until %s") % written(day),
    Minutes.EXPIRE_SOON: _soon,
    Minutes.EXPIRED: _expired,
}


def step_names(steps: list[str]) -> str:
    return ", ".join(f"“{Step(step).label}”" for step in steps)


def doubt_sentence(doubt: Doubt, facts: Facts) -> str:
    """What speaks against "connected", and what would change it."""
    return _DOUBTS[doubt](facts)


def written(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _steps_missing(facts: Facts) -> str:
    return _("These official steps are not recorded: %s.") % step_names(missing(facts.taken))


def _minutes_expired(facts: Facts) -> str:
    expired = facts.taken[SECURITY_MINUTES].expires_on
    return _("The security minutes expired on %s.") % (written(expired) if expired else "")


_DOUBTS: dict[Doubt, Callable[[Facts], str]] = {
    Doubt.STEPS_MISSING: _steps_missing,
    Doubt.SUSPENDED: lambda facts: (
        _("The connection is recorded as suspended since %s, and not as in operation again.")
        % written(facts.taken[Step.SUSPENDED].done_on)
    ),
    Doubt.NO_MINUTES: lambda facts: _("No security minutes are recorded."),
    Doubt.MINUTES_EXPIRED: _minutes_expired,
    Doubt.NO_SECURITY_LEVEL: lambda facts: _("The database has no approved security level."),
    Doubt.NO_INTERFACE: lambda facts: _("No interface stands in the register."),
    Doubt.NO_PROBE: lambda facts: (
        _("Nothing probes these interfaces: %s.") % ", ".join(facts.unprobed)
    ),
    Doubt.NO_ANSWER: lambda facts: (
        _("These probes get no answer now: %s.") % ", ".join(facts.silent)
    ),
}
