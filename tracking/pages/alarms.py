"""What stands in the way of the portal's own work, for the first page of those who look after it:
found at the moment of asking, so that nothing need be alive but the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from tracking.actions.faults import faults
from tracking.mail.alarms import ways
from tracking.models import Alarm, AlarmTelling
from tracking.rules.watch import Why, reason_parts


@dataclass(frozen=True, slots=True)
class Standing:
    """`noticed_at`: when a watch found it; None when only this page did. `tellings`: the last one
    by each way."""

    alarm: Alarm
    noticed_at: datetime | None
    tellings: Sequence[AlarmTelling]


@dataclass(frozen=True, slots=True)
class Alarms:
    """`has_way`: whether the settings say whom to tell."""

    standing: Sequence[Standing]
    has_way: bool


def alarms_now(now: datetime) -> Alarms:
    tellings = Prefetch("tellings", AlarmTelling.objects.filter(over=False).order_by("pk"))
    noticed = {alarm.key: alarm for alarm in Alarm.objects.open().prefetch_related(tellings)}
    found = Alarm.objects.of(faults(now))
    return Alarms([_standing(alarm, noticed.get(alarm.key)) for alarm in found], bool(ways()))


def _standing(alarm: Alarm, noticed: Alarm | None) -> Standing:
    if noticed is None:
        return Standing(alarm, None, ())
    why, *_rest = reason_parts(alarm.reason)
    if why is Why.NOT_MADE:
        alarm.reason = noticed.reason  # whoever noticed it looked for what hinders it
    alarm.pk = noticed.pk
    last = {telling.way: telling for telling in noticed.tellings.all()}
    return Standing(alarm, noticed.opened_at, list(last.values()))
