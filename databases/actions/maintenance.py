"""Announced maintenance: ahead of its time, for endpoints, and ended early if it is done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import Endpoint, Maintenance
from tracking.actions.refusals import Refused

LASTS_AT_MOST = timedelta(days=30)
_JUST_NOW = timedelta(minutes=2)  # from opening the form to sending it


@transaction.atomic
def announce_maintenance(
    *,
    endpoints: Sequence[Endpoint],
    start: datetime,
    end: datetime,
    document: str,
    now: datetime,
    by: str,
) -> list[Maintenance]:
    """A window for each of the endpoints. Refused when it begins in the past: what has happened
    is not excused afterwards."""
    faults = []
    if not endpoints:
        faults.append(_("no endpoint is named: choose at least one"))
    if start < now - _JUST_NOW:
        faults.append(
            _("it begins in the past, and what has happened is not excused: begin now or later")
        )
    if end <= start:
        faults.append(_("it ends before it begins: correct one of the two"))
    if end - start > LASTS_AT_MOST:
        faults.append(_("it lasts longer than %d days: announce a part") % LASTS_AT_MOST.days)
    if faults:
        raise Refused(faults)
    rows = [
        Maintenance(
            endpoint=endpoint,
            start=max(start, now),
            end=end,
            announced_at=now,
            announced_by=by,
            document=document,
        )
        for endpoint in endpoints
    ]
    return Maintenance.objects.bulk_create(rows)


@transaction.atomic
def end_maintenance(*, maintenance: Maintenance, now: datetime, by: str) -> bool:
    """End it at this instant, or withdraw it when it has not begun: nothing was excused by it
    then. Whether it had begun."""
    row = Maintenance.objects.select_for_update().filter(pk=maintenance.pk).first()
    if row is None or row.end <= now:
        raise Refused([_("it is over already: there is nothing to end")])
    if row.start >= now:
        row.delete()
        return False
    row.end = now
    row.save(update_fields=["end"])
    return True
