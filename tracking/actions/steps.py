"""Recording one step that somebody decided on while looking at a task."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.ledger import record
from tracking.actions.refusals import Refused
from tracking.actions.submissions import check_submission
from tracking.models import KIND_NAMES, Event, Task
from tracking.models.pen import take_the_pen
from tracking.rules.canonical import canonical, nfc
from tracking.rules.events import Kind

_AT_ONCE = timedelta(minutes=1)


class Overtaken(Refused):
    """Something was recorded after the person had looked; it is named."""


@transaction.atomic
def record_step(
    *,
    task: Task,
    kind: Kind,
    effective_at: datetime,
    now: datetime,
    by: str,
    payload: Mapping[str, Any] | None = None,
    on_behalf_of: str = "",
    in_place_of: str = "",
    seen: int | None = None,
    may_date_back: bool = False,
) -> Event:
    """Write one entry. `seen`: number of the task's newest entry when the person looked;
    `in_place_of`: user name of the person whom a deputy stands in for; `may_date_back`: whether
    this person records what came on paper before a deadline that has ended since.

    The same step sent a second time is written once: the entry that stands already is returned.
    Overtaken when anything else was recorded since."""
    take_the_pen()
    content = dict(payload or {})
    if in_place_of:
        content["in_place_of"] = in_place_of
    since = [] if seen is None else _recorded_since(task, seen)
    if since:
        said = _said(kind, content, by, on_behalf_of, _moment(effective_at, now))
        return _the_same(since, said)
    written = record(
        task=task,
        kind=kind,
        effective_at=effective_at,
        recorded_at=now,
        by=by,
        payload=content,
        on_behalf_of=on_behalf_of,
    )
    if kind is Kind.SUBMITTED:
        # Behind the ledger's own judgement, whose sentence about the order comes first.
        check_submission(written, may_date_back=may_date_back)
    return written


def newest_entry(task: Task) -> int:
    """Number of the entry of the task recorded last; 0 when there is none."""
    newest = task.events.order_by("-number").values_list("number", flat=True).first()
    return newest or 0


def _recorded_since(task: Task, seen: int) -> list[Event]:
    rows = task.events.filter(number__gt=seen).select_related("on_behalf_of")
    return list(rows.order_by("number"))


Said = tuple[str, bytes, str, str, datetime | None]


def _the_same(since: list[Event], said: Said) -> Event:
    """The one entry recorded since, where it says exactly that; Overtaken where another does."""
    if len(since) == 1 and _said_by(since[0]) == said:
        return since[0]
    entries = [f"“{KIND_NAMES[Kind(event.kind)]}” ({event.actor or '–'})" for event in since]
    raise Overtaken(
        [
            _(
                "Since this form was opened, %(entries)s was recorded for this task, and "
                "nothing was written a second time: look at the task, and send this form "
                "again only if it is still meant"
            )
            % {"entries": ", ".join(entries)}
        ]
    )


def _said_by(event: Event) -> Said:
    behalf = event.on_behalf_of.code if event.on_behalf_of else ""
    moment = _moment(event.effective_at, event.recorded_at)
    return _said(event.kind, event.payload, event.actor, behalf, moment)


def _said(
    kind: str, payload: Mapping[str, Any], by: str, on_behalf_of: str, moment: datetime | None
) -> Said:
    return str(kind), canonical(nfc(payload)), nfc(by), on_behalf_of, moment


def _moment(effective_at: datetime, recorded_at: datetime) -> datetime | None:
    """None where it was meant as of the moment of recording, which a second click never meets."""
    return None if abs(recorded_at - effective_at) < _AT_ONCE else effective_at
