"""Reminding people: whatever they are to be told of today in one message, written into the outbox
together with the note that they were told. A run that was missed is caught up, for what is due is
read off the tasks and the notes alone. No task is touched."""

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from functools import cached_property

from django.conf import settings
from django.db import transaction

from tracking.actions.listeners import Crowd, Listener, listeners
from tracking.actions.outbox import Recipient, enqueue
from tracking.emails.digest import digest_message
from tracking.emails.reminded import Board, Digest, Reminded
from tracking.models import CalendarDay, Letter, Message, Partner, Reminder, ReminderStep, Task
from tracking.models.pen import take_the_pen
from tracking.models.remembered import remembered
from tracking.models.reminder import Told
from tracking.models.then import Then
from tracking.models.to_remind import (
    ToRemind,
    may_be_reminded,
    reasons_of,
    to_remind,
)
from tracking.rules.instants import day_of, in_zone, start_of
from tracking.rules.reminders import Audience, Ladder, Rung
from tracking.rules.standing import Yardstick

_log = logging.getLogger(__name__)


def due_digests(now: datetime) -> list[Digest]:
    """What would be written now, each a person's; a fixed number of queries."""
    if not _in_hours(now):
        return []
    calendar = CalendarDay.objects.all().calendar()
    if not calendar.is_working(day_of(now)):
        return []
    return _Run(now, Yardstick.at_instant(now, calendar, due_soon=settings.DUE_SOON_DAYS)).digests()


def make_due_digests(now: datetime) -> list[Message]:
    """What was written now. A message that cannot be written keeps nobody else waiting."""
    made = []
    for digest in due_digests(now):
        try:
            message = write_digest(digest, now=now)
        except Exception:
            _log.exception("The reminders %s could not be written.", digest.key)
        else:
            made += [message] if message else []
    return made


def write_digest(digest: Digest, *, now: datetime) -> Message | None:
    """The message and the notes, or neither; nothing if another run was here meanwhile."""
    written = digest_message(digest)  # the pen is not kept from others for that long
    name = digest.person.get_username()
    with transaction.atomic():
        take_the_pen()
        since = Reminder.objects.filter(pk__gt=digest.told_until, person=name)
        if since.exists() or Message.objects.filter(key=digest.key).exists():
            return None
        message = enqueue(
            key=digest.key,
            kind=Message.Kind.DIGEST,
            written=written,
            language=digest.person.language,
            recipients=[Recipient.of(digest.person)],
            now=now,
        )
        Reminder.objects.bulk_create(_notes(digest, message, now), batch_size=1000)
    return message


def _notes(digest: Digest, message: Message, now: datetime) -> Iterator[Reminder]:
    for task in digest.tasks:
        for subject, rung in task.rungs.items():
            yield Reminder(
                task_id=task.row.task.pk,
                deadline=subject,
                rung=rung.name,
                person=digest.person.get_username(),
                message=message,
                at=now,
            )


def _in_hours(now: datetime) -> bool:
    first, last = (
        time.fromisoformat(text) for text in (settings.REMINDERS_AT, settings.REMINDERS_LATEST)
    )
    return first <= in_zone(now).time() < last


class _Run:
    """What everybody would be told at an instant, by what they were told before."""

    def __init__(self, now: datetime, measure: Yardstick) -> None:
        self.then = Then(now)
        self.measure = measure
        # Read before everything else: what was told since then is seen when a message is written.
        newest = Reminder.objects.order_by("-pk").values_list("pk", flat=True).first()
        self.told_until = newest or 0

    def digests(self) -> list[Digest]:
        found = {} if self._is_quiet() else self._to_tell
        letters, withheld = self._letters()
        heard = {key for key, _day in self._written_this_week}
        alone = letters or withheld  # letters by themselves make a message once a week
        return [
            Digest(
                person=one.user,
                board=self._board,
                told_until=self.told_until,
                tasks=found.get(one.key, ()),
                letters=letters if one.operator else (),
                withheld_letters=withheld if one.operator else 0,
            )
            for one in self._crowd
            if found.get(one.key) or (alone and one.operator and one.key not in heard)
        ]

    def _is_quiet(self) -> bool:
        """Nobody is to be told of a task: remembered, for a run comes every minute."""
        if not self._crowd:
            return True
        as_what = frozenset(one.heard_as for one in self._crowd)
        name = ("reminders", as_what, self.told_until, self._ladder)
        return remembered(self.then, name, lambda: not self._to_tell)

    @cached_property
    def _crowd(self) -> list[Listener]:
        """Who has no message of today yet."""
        today = self.measure.day.isoformat()
        written = self._written_this_week
        return [one for one in listeners(self.measure.day) if (one.key, today) not in written]

    @cached_property
    def _ladder(self) -> Ladder:
        return ReminderStep.objects.all().ladder()

    @cached_property
    def _tasks(self) -> Sequence[ToRemind]:
        return to_remind(self.then, self.measure, self._ladder)

    @cached_property
    def _withheld(self) -> frozenset[int]:
        return frozenset(Task.objects.all().kept_from_mail())

    @cached_property
    def _written_this_week(self) -> set[tuple[int, str]]:
        """(key of a person, day)."""
        monday = self.measure.day - timedelta(days=self.measure.day.weekday())
        keys = Message.objects.filter(kind=Message.Kind.DIGEST, written_at__gte=start_of(monday))
        parts = (key.split(":") for key in keys.order_by().values_list("key", flat=True))
        return {(int(person), day) for _digest, person, day in parts}

    @cached_property
    def _to_tell(self) -> Mapping[int, Sequence[Reminded]]:
        """Key of a person -> the tasks; only those who are to be told of any."""
        keys = may_be_reminded(self.then).order_by().values("task_id")
        names = [one.name for one in self._crowd]
        told = Reminder.objects.all().highest_told(names, keys)
        crowd = Crowd(self._crowd)
        found: defaultdict[int, list[Reminded]] = defaultdict(list)
        for row in self._tasks:
            place = self.then.place(row.lead)
            for one, audiences in crowd.of(place):
                if rungs := _rungs(row, one, audiences, told):
                    secret = row.task.pk in self._withheld
                    found[one.key].append(Reminded(row, place, rungs, secret))
        return dict(found)

    def _letters(self) -> tuple[list[Letter], int]:
        """Whose answer is overdue; how many of them are about tasks that never leave by mail."""
        rows = Letter.objects.overdue_answers(self.measure.day).order_by("answer_due_on", "pk")
        letters = list(rows.prefetch_related("tasks"))
        secret = self._withheld
        spoken = [one for one in letters if secret.isdisjoint(t.pk for t in one.tasks.all())]
        return spoken, len(letters) - len(spoken)

    @cached_property
    def _board(self) -> Board:
        departments = self.then.departments
        partners = Partner.objects.only("code", "name_vi", "name_en")
        names = {row.code: row.names for row in partners}
        return Board(
            measure=self.measure,
            departments=departments,
            names={**names, **{code: row.names for code, row in departments.items()}},
            reasons=reasons_of(self.then, self._tasks),
        )


def _rungs(
    row: ToRemind, one: Listener, audiences: frozenset[Audience], told: Mapping[Told, Rung]
) -> dict[str, Rung]:
    made = row.task.situation.submission
    if made and made.actor == one.name:  # nobody verifies what they submitted
        audiences -= {Audience.VERIFIER}
    found = {}
    for climb in row.climbs:
        rung = climb.to_tell(audiences, told.get((row.task.pk, climb.subject, one.name)))
        if rung:
            found[climb.subject] = rung
    return found
