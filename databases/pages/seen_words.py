"""What is declared and seen of a connection, in words: stage, state, age of a contradiction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _, ngettext

from databases.models.connection import STAGE_NAMES
from databases.pages.connection_states import SEEN_NAMES, UNPROBED
from databases.pages.contradiction_words import rule_name
from databases.pages.probe_words import moment
from databases.rules.contradictions import days_since
from databases.rules.contradictions_annex import Seen
from databases.rules.stage import Stage

SHAPES = {
    Seen.DOWN.value: "✕",
    Seen.UNKNOWN.value: "○",
    Seen.DEGRADED.value: "◐",
    Seen.UP.value: "●",
    UNPROBED: "–",
}


def stage_name(stage: str | None) -> str:
    return str(STAGE_NAMES[Stage(stage)]) if stage else _("not declared")


def seen_name(seen: str) -> str:
    return str(SEEN_NAMES[seen])


def seen_tag(seen: str) -> str:
    """Shape and word."""
    return format_html(
        '<span class="state state-{}"><span aria-hidden="true">{}</span> {}</span>',
        seen,
        SHAPES[seen],
        SEEN_NAMES[seen],
    )


def age_text(since: datetime, at: datetime) -> str:
    """How long something has been so, in days of Hà Nội."""
    days = days_since(since, at)
    if days <= 0:
        return _("since today")
    return ngettext("for %(count)d day", "for %(count)d days", days) % {"count": days}


def contradiction_text(row: Any, at: datetime) -> str:
    """What contradicts what, for how long, and until when it is accepted. The row comes with
    `waived_until`."""
    said = f"{rule_name(row.rule)}, {age_text(row.since, at)}"
    if row.waived_until is not None and row.waived_until > at:
        said += f" ({accepted_text(row.waived_until)})"
    return said


def accepted_text(until: datetime) -> str:
    return _("open, accepted until %s") % moment(until)


def interfaces_text(count: int) -> str:
    return ngettext("%(count)d interface", "%(count)d interfaces", count) % {"count": count}


def sum_text(total: int, parts: Sequence[tuple[int, str]]) -> str:
    """ "12 = 4 connected + 7 upgrading + 1 upgrading interfaces"."""
    return f"{total} = " + (" + ".join(f"{count} {words}" for count, words in parts) or "0")
