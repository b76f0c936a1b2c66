"""Lengths of time, percentages and latencies, as people read them."""

from datetime import timedelta
from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from databases.rules.uptime import INSUFFICIENT
from tracking.models.bilingual import reader_language

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def lasting(length: timedelta) -> str:
    """The two largest units: "3 d 4 h", "12 min", "45 s"."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < _MINUTE:
        return _("%(seconds)d s") % {"seconds": seconds}
    if seconds < _HOUR:
        return _("%(minutes)d min") % {"minutes": seconds // _MINUTE}
    if seconds < _DAY:
        return _two(
            _("%(hours)d h") % {"hours": seconds // _HOUR},
            _("%(minutes)d min") % {"minutes": seconds % _HOUR // _MINUTE},
            seconds % _HOUR // _MINUTE,
        )
    return _two(
        _("%(days)d d") % {"days": seconds // _DAY},
        _("%(hours)d h") % {"hours": seconds % _DAY // _HOUR},
        seconds % _DAY // _HOUR,
    )


def percent(hundredths: int) -> str:
    """Of hundredths of a percent: "99.95 %"."""
    return f"{number_format(Decimal(hundredths) / 100, 2, force_grouping=True)} %"


def share_or_why_not(share: int | None) -> str:
    """A percentage, or that there is not enough evidence for one."""
    return INSUFFICIENT[reader_language()] if share is None else percent(share)


def milliseconds(microseconds: int | None) -> str:
    """ "12 ms", with a decimal under ten of them; a dash for nothing."""
    if microseconds is None:
        return "–"
    digits = 1 if microseconds < 10_000 else 0
    return f"{number_format(Decimal(microseconds) / 1000, digits, force_grouping=True)} ms"


def _two(larger: str, smaller: str, count: int) -> str:
    return f"{larger} {smaller}" if count else larger
