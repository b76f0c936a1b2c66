"""A strip of days: how a connection stood on each, as a drawing and in words.

A day is told by the worst that was seen of it. Days in a row of which the same is to be said are
one piece, so that a strip of a quiet quarter is a single rectangle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _, gettext_lazy, ngettext

from databases.models.history import Period, together
from databases.renderers.measures import lasting
from databases.rules.uptime import Uptime

DAY = 8  # its width in units of the drawing
# The worst first; in the words of people who do not run systems.
DAY_NAMES = {
    "down": gettext_lazy("did not answer for some time"),
    "unknown": gettext_lazy("not known"),
    "degraded": gettext_lazy("answered poorly"),
    "up": gettext_lazy("answered"),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle, in units of the drawing."""

    kind: str
    x: int
    width: int
    title: str


@dataclass(frozen=True, slots=True)
class Strip:
    width: int
    pieces: tuple[Piece, ...]
    says: str


def strip(days: Sequence[Period], named: Callable[[Period], str]) -> Strip:
    """Of these days, oldest first."""
    pieces, x = [], 0
    for kind, same in groupby(days, key=lambda day: day_kind(day.spent)):
        run = list(same)
        pieces.append(Piece(kind, x * DAY, len(run) * DAY, _title(kind, run, named)))
        x += len(run)
    return Strip(len(days) * DAY, tuple(pieces), _says(days))


def day_kind(spent: Uptime) -> str:
    """Of DAY_NAMES. What was announced is held against nobody; a day of which less than half is
    known tells nothing good."""
    if spent.down:
        return "down"
    if spent.known * 2 < spent.total or not spent.known:
        return "unknown"
    return "degraded" if spent.degraded else "up"


def _title(kind: str, run: Sequence[Period], named: Callable[[Period], str]) -> str:
    when = named(run[0]) if len(run) == 1 else f"{named(run[0])} – {named(run[-1])}"
    down = together(run).down
    said = f"{when}: {DAY_NAMES[kind]}"
    return f"{said} ({lasting(down)})" if down else said


def _says(days: Sequence[Period]) -> str:
    """How many days of how many, so that nobody need count them."""
    kinds = [day_kind(day.spent) for day in days]
    known = sum(kind != "unknown" for kind in kinds)
    bad = kinds.count("down")
    if not known:
        return _("nothing known")
    said = ngettext("known on %(n)d/%(m)d day", "known on %(n)d/%(m)d days", len(days))
    words = said % {"n": known, "m": len(days)}
    if not bad:
        return _("%(known)s, always answered") % {"known": words}
    lost = ngettext("%(n)d day with failures", "%(n)d days with failures", bad) % {"n": bad}
    return f"{words}, {lost} ({lasting(together(days).down)})"
