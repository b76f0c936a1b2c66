"""Operators hear that a report is late, a process has stopped or mail does not leave: alarms are
opened and closed, and told by the other way. Any number may watch at once."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Prefetch, Q

from tracking.actions.faults import faults
from tracking.actions.reports import due_reports, obstacle
from tracking.emails.alarm import alarm_words
from tracking.mail.alarms import Way, ways
from tracking.models import Alarm, AlarmTelling, Pulse
from tracking.rules.watch import OVER_IS_NEWS, Fault, Told, Trouble, Why, is_to_tell, reason_parts

_TELLING = "telling"  # names the claim of who tells
# Longer than one round by every way takes; for so long nobody else tells when a teller dies.
_LEASE = timedelta(seconds=120)


def look(*, now: datetime, awake_since: datetime) -> list[Alarm]:
    """Those that stand. A watcher that has just woken opens none: after a start or a long sleep the
    others must have had time to catch up."""
    wrong = {(fault.kind.value, fault.subject): fault for fault in faults(now)}
    standing = list(Alarm.objects.open())
    is_awake = now - awake_since >= timedelta(seconds=settings.SILENCE_SECONDS)
    known = {alarm.key for alarm in standing}
    fresh = [fault for key, fault in wrong.items() if key not in known] if is_awake else []
    _record(standing, wrong, [_with_obstacle(fault, now) for fault in fresh], now)
    _tell(now)
    return list(Alarm.objects.open())


@transaction.atomic
def _record(
    standing: Iterable[Alarm],
    wrong: Mapping[tuple[str, str], Fault],
    fresh: Iterable[Fault],
    now: datetime,
) -> None:
    for alarm in standing:
        fault = wrong.get(alarm.key)
        mine = Alarm.objects.filter(pk=alarm.pk, ended_at=None)
        if fault is None:
            mine.update(ended_at=now)
        elif not _says_more(alarm, fault):
            mine.update(reason=fault.reason, since=fault.since)
    opened = Alarm.objects.of(fresh)
    for alarm in opened:
        alarm.opened_at = now
    # Another watcher may have opened the same one meanwhile.
    Alarm.objects.bulk_create(opened, ignore_conflicts=True)


def _says_more(alarm: Alarm, fault: Fault) -> bool:
    """The obstacle was looked for when the alarm was opened."""
    why, *_rest = reason_parts(alarm.reason)
    same = alarm.since == fault.since
    return same and fault.why is Why.NOT_MADE and why in {Why.NOT_MADE, Why.STANDS_STILL}


def _with_obstacle(fault: Fault, now: datetime) -> Fault:
    """Why a report is not made is found by trying it: once, when its alarm opens."""
    if fault.kind is not Trouble.REPORT_LATE or fault.why is not Why.NOT_MADE:
        return fault
    for slot in due_reports(now):
        if slot.schedule.name == fault.subject:
            said = obstacle(slot, now)
            return replace(fault, said=said) if said else replace(fault, why=Why.STANDS_STILL)
    return fault


def _tell(now: datetime) -> None:
    """One at a time in all processes: the claim is a row. Told, and killed before that is written,
    it is told once more."""
    given = ways()
    if not given or not Pulse.objects.claim(_TELLING, now, _LEASE):
        return
    try:
        for name, way in given.items():
            _tell_by(name, way, now)
    finally:
        Pulse.objects.release(_TELLING, now, _LEASE)


def _tell_by(name: str, way: Way, now: datetime) -> None:
    """Everything that is to be told by one way in one message."""
    told = AlarmTelling.objects.filter(way=name).order_by("pk")
    news = Q(ended_at=None) | Q(ended_at__gt=now - OVER_IS_NEWS)
    alarms = [
        alarm
        for alarm in Alarm.objects.filter(news)
        .order_by("since", "pk")
        .prefetch_related(Prefetch("tellings", told))
        if is_to_tell(_heard(alarm), alarm.ended_at, now)
    ]
    if not alarms:
        return
    answer = way(alarm_words(alarms))
    AlarmTelling.objects.bulk_create(
        AlarmTelling(
            alarm=alarm,
            way=name,
            over=alarm.ended_at is not None,
            at=now,
            taken=answer.taken,
            said=answer.said,
        )
        for alarm in alarms
    )


def _heard(alarm: Alarm) -> list[Told]:
    return [Told(told.at, told.taken, told.over) for told in alarm.tellings.all()]
