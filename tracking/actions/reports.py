"""Reports whose time has come: the list is issued and written into the outbox, once a time. What
is due is read off the schedules and their runs, so that a time missed is made up for, once."""

import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.outbox import enqueue
from tracking.actions.progress_lists import issue
from tracking.actions.refusals import Refused
from tracking.actions.report_files import files_of
from tracking.actions.report_recipients import recipients_of
from tracking.emails.report import report_message
from tracking.models import Message, ProgressList, ReportRun, ReportSchedule, Task
from tracking.models.pen import take_the_pen
from tracking.models.timetable import Timetable
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Policy, Scope

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Slot:
    """A time of a schedule that is to be kept now; those before it, missed as well, are passed
    over for it."""

    schedule: ReportSchedule
    slot_at: datetime
    passed_over: tuple[datetime, ...] = ()

    def __str__(self) -> str:
        return str(ReportRun(schedule=self.schedule, slot_at=self.slot_at))


def due_reports(now: datetime) -> list[Slot]:
    """What is to be made now, the longest due first. What stays here is late; obstacle() says
    why."""
    schedules = list(ReportSchedule.objects.active().with_last_run())
    if not schedules:
        return []
    timetable = Timetable.for_all(schedules)
    found = []
    for schedule in schedules:
        times = [time.at for time in timetable.due(schedule, now)]
        if times:
            found.append(Slot(schedule, times[-1], tuple(times[:-1])))
    return sorted(found, key=lambda slot: slot.slot_at)


def make_due_reports(now: datetime) -> list[ReportRun]:
    """Each in a transaction of its own: one that is refused or fails stays due, is logged, and
    stops no other one."""
    made = []
    for slot in due_reports(now):
        try:
            run = _make(slot, now)
        except Refused as refused:
            _log.error("the report %s is refused: %s", slot, refused)
        except Exception:
            _log.exception("the report %s failed", slot)
        else:
            made.extend([run] if run else [])
    return made


def obstacle(slot: Slot, now: datetime) -> str:
    """Why this one is not made: found by making it and taking everything back. Empty when nothing
    is in its way, so that it is the scheduler or the worker that stands still."""
    try:
        with transaction.atomic():
            _make(slot, now)
            transaction.set_rollback(True)
    except Refused as refused:
        return " ".join(refused.sentences)
    except Exception as error:  # whatever it is, it is the answer
        return f"{type(error).__name__}: {error}"
    return ""


@transaction.atomic
def _make(slot: Slot, now: datetime) -> ReportRun | None:
    """None when another process kept this time, or the schedule was stopped, since it was found
    due: whoever holds the pen looks again."""
    take_the_pen()
    schedule = slot.schedule
    if not ReportSchedule.objects.active().not_yet_at(slot.slot_at).filter(pk=schedule.pk).exists():
        return None
    scope = Scope(
        as_of=day_of(now),
        known_at=now,
        policy=Policy(schedule.policy),
        plans=tuple(schedule.plans.order_by("code").values_list("code", flat=True)),
    )
    issued, _new = issue(scope, now=now, by=f"schedule: {schedule}"[:150])
    run = ReportRun(schedule=schedule, slot_at=slot.slot_at, made_at=now, progress_list=issued)
    _write(run, schedule, issued, now)
    ReportRun.objects.bulk_create(
        ReportRun(schedule=schedule, slot_at=missed, made_at=now) for missed in slot.passed_over
    )
    run.save(force_insert=True)
    return run


def _write(run: ReportRun, schedule: ReportSchedule, issued: ProgressList, now: datetime) -> None:
    recipients = recipients_of(schedule).reached
    if not recipients:
        raise Refused(
            [_("nobody who is to receive it has an e-mail address: enter one in the schedule")]
        )
    classified = frozenset(Task.objects.all().kept_from_mail().values())
    attached = files_of(schedule, issued, classified)
    written = report_message(
        issued.as_content(),
        language=schedule.language,
        classified=classified,
        list_number=issued.number,
        files_left_out=attached.left_out,
    )
    enqueue(
        key=run.occasion,
        kind=Message.Kind.REPORT,
        written=written,
        language=schedule.language,
        recipients=recipients,
        now=now,
        files=attached.files,
        progress_list=issued,
    )
