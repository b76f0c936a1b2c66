"""The history of an endpoint as pages show it: bars, uptime beside its coverage, latencies."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from databases.models.history import History, Period
from databases.renderers.bars import Chart, chart
from databases.renderers.measures import lasting, milliseconds, percent, share_or_why_not
from databases.rules.uptime import Uptime

Latencies = Sequence[tuple[str, int, str, str, str]]


@dataclass(frozen=True, slots=True)
class Span:
    """An uptime, and never without how much of the time is known."""

    name: str
    share: str
    coverage: str
    down: str
    excused: str


def charts_of(history: History, suffix: str = "") -> Sequence[Chart]:
    """`suffix` tells the charts of several endpoints on a page apart."""
    return [
        chart(f"hours{suffix}", _("The last 24 hours, by hour"), history.hours, hour_name),
        chart(f"days{suffix}", _("The last 90 days, by day"), history.days, day_name),
    ]


def spans_of(history: History) -> Sequence[Span]:
    return [_span(days, spent) for days, spent in history.spans]


def latencies_of(history: History) -> Latencies:
    """Period, number of answers, and what 50, 95 and 99 percent of them did not exceed."""
    return [
        (
            _span_name(found.days),
            found.count,
            milliseconds(found.p50),
            milliseconds(found.p95),
            milliseconds(found.p99),
        )
        for found in history.latencies
    ]


def hour_name(period: Period) -> str:
    return date_format(localtime(period.start), "H:i d/m")


def day_name(period: Period) -> str:
    return date_format(localtime(period.start), "d/m")


def _span_name(days: int) -> str:
    return _("24 hours") if days == 1 else _("%d days") % days


def _span(days: int, spent: Uptime) -> Span:
    return Span(
        _span_name(days),
        share_or_why_not(spent.share),
        percent(spent.coverage),
        lasting(spent.down) if spent.down else "–",
        lasting(spent.excused) if spent.excused else "–",
    )
