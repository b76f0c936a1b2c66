"""What is wrong with the portal itself now? Read off what stands in the database, so that it can be
asked when every process but the asking one is dead; nothing is written."""

import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.module_loading import import_string

from tracking.actions.reports import due_reports
from tracking.models import Delivery, DeliveryEntry, Pulse, ReportRun
from tracking.rules.watch import LONGEST_WAIT, Fault, Sign, Trouble, Why, why_not_out

SCHEDULER, WATCH = "scheduler", "watch"

_log = logging.getLogger(__name__)
_STATE, _PUT_OFF = Delivery.State, DeliveryEntry.Kind.PUT_OFF
_WAITS_TRIED = Q(state__in=[_STATE.QUEUED, _STATE.SENDING]) & ~Q(answer="")


def faults(now: datetime) -> list[Fault]:
    """The same number of queries whatever there is to find."""
    found = [*_stopped(now), *_late_reports(now), *_unsent(now)]
    return sorted(found, key=lambda fault: (fault.since, fault.kind, fault.subject))


def signs(now: datetime) -> list[Sign]:
    """Of our own processes, and of those that the settings name: SIGNS_OF_LIFE."""
    seen = dict(Pulse.objects.values_list("name", "at"))
    own = [Sign(name, seen.get(name)) for name in (SCHEDULER, WATCH)]
    return own + list(_others(now))


def _others(now: datetime) -> Iterator[Sign]:
    for name in settings.SIGNS_OF_LIFE:
        try:
            yield import_string(name)(now)
        except Exception:
            # Whoever watches the rest is not to fall with one of them.
            _log.exception("%s gives no sign", name)


def _stopped(now: datetime) -> Iterator[Fault]:
    patience = timedelta(seconds=settings.SILENCE_SECONDS)
    for sign in signs(now):
        if sign.at is not None and sign.is_missed(now, patience):
            yield Fault(Trouble.STOPPED, sign.name, sign.at)


def _late_reports(now: datetime) -> Iterator[Fault]:
    """Of each schedule the last time that is past all patience: not made, or made and not with
    everybody. One that was made is judged until the next one is late as well."""
    then = now - timedelta(minutes=settings.REPORT_PATIENCE_MINUTES)
    not_made = {slot.schedule.pk: slot for slot in due_reports(then)}
    for slot in not_made.values():
        since = min((slot.slot_at, *slot.passed_over))
        yield Fault(Trouble.REPORT_LATE, slot.schedule.name, since, Why.NOT_MADE)
    runs = [run for run in _last_runs(then) if run.schedule_id not in not_made]
    states = _states_of([run.occasion for run in runs])
    for run in runs:
        counts, tried, said = states.get(run.occasion, (Counter(), 0, ""))
        if why := why_not_out(counts, tried):
            total = sum(counts.values())
            name = run.schedule.name
            yield Fault(Trouble.REPORT_LATE, name, run.slot_at, *why, total, said)


def _last_runs(then: datetime) -> list[ReportRun]:
    """Of each active schedule the last one that issued a list; times passed over did not."""
    kept = ReportRun.objects.filter(slot_at__lte=then, progress_list__isnull=False)
    of_schedule = kept.filter(schedule=OuterRef("schedule")).order_by("-slot_at")
    last = kept.filter(schedule__active=True, pk=Subquery(of_schedule.values("pk")[:1]))
    return list(last.select_related("schedule"))


def _states_of(keys: Iterable[str]) -> dict[str, tuple[Counter[str], int, str]]:
    """By message: how many deliveries in each state, how many of those that wait were put off, and
    what the server said last. Those that a person gave up hold nobody up any more."""
    given_up = Q(state=_STATE.FAILED, last_entry=DeliveryEntry.Kind.GIVEN_UP)
    newest = DeliveryEntry.objects.filter(delivery=OuterRef("pk")).order_by("-pk")
    rows = (
        Delivery.objects.filter(message__key__in=list(keys))
        .annotate(last_entry=Coalesce(Subquery(newest.values("kind")[:1]), Value("")))
        .exclude(given_up)
        .values("message__key", "state")
        .annotate(number=Count("pk"), tried=Count("pk", filter=_WAITS_TRIED), said=Min("answer"))
        .order_by("message__key", "state")
    )
    found: dict[str, tuple[Counter[str], int, str]] = {}
    for row in rows:
        counts, tried, said = found.get(row["message__key"], (Counter(), 0, ""))
        counts[row["state"]] += row["number"]
        if row["state"] != _STATE.SENT:
            said = said or row["said"]
        found[row["message__key"]] = counts, tried + row["tried"], said
    return found


def _unsent(now: datetime) -> Iterator[Fault]:
    """Mail that is due and that nobody tries; or that is put off again and again, while none at
    all leaves. One recipient whose server is slow is no such thing as long as other mail goes."""
    then = now - LONGEST_WAIT
    nobody_tries = Q(state=_STATE.QUEUED, next_try_at__lte=then) | Q(
        state=_STATE.SENDING, lease_until__lte=then
    )
    entries = DeliveryEntry.objects.filter(delivery=OuterRef("pk"), kind=_PUT_OFF, at__lte=then)
    put_off = Q(Exists(entries), state=_STATE.QUEUED) & ~Q(answer="")
    facts = Delivery.objects.filter(nobody_tries | put_off).aggregate(
        of=Count("pk"),
        untried=Count("pk", filter=nobody_tries),
        written=Min("message__written_at"),
        due=Min("next_try_at", filter=nobody_tries),
        said=Min("answer"),
    )
    if facts["untried"]:
        why, since, count = Why.UNTRIED, facts["due"], facts["untried"]
    elif facts["of"] and not Delivery.objects.filter(sent_at__gt=then).exists():
        why, since, count = Why.PUT_OFF, facts["written"], facts["of"]
    else:
        return
    yield Fault(Trouble.UNSENT, "mail", since, why, count, facts["of"], facts["said"])
