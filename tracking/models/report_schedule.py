"""Which list goes to whom, and when; and what became of each of those times."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField
from tracking.rules.instants import MICROSECOND, in_zone
from tracking.rules.report_times import Rhythm, Rule


def no_words() -> list[Any]:
    return []


class ReportScheduleQuerySet(models.QuerySet["ReportSchedule"]):
    def active(self) -> Self:
        return self.filter(active=True)

    def with_last_run(self) -> Self:
        """`last_slot_at`: the last time that was kept or passed over; None before the first."""
        runs = ReportRun.objects.filter(schedule=OuterRef("pk")).order_by("-slot_at")
        return self.annotate(last_slot_at=Subquery(runs.values("slot_at")[:1]))

    def not_yet_at(self, slot_at: datetime) -> Self:
        """Those whose runs have not come to that time."""
        return self.exclude(
            pk__in=ReportRun.objects.filter(slot_at__gte=slot_at).values("schedule")
        )


class ReportSchedule(models.Model):
    """When it is due is read off the rule, never stored: rules.report_times."""

    class Rhythm(models.TextChoices):
        WEEKDAYS = "weekdays", _("on days of the week")
        FIRST_WORKING_DAY = "first_working_day", _("on the first working day of the month")
        LAST_WORKING_DAY = "last_working_day", _("on the last working day of the month")
        BEFORE_MEETING = "before_meeting", _("days before a meeting")

    class Policy(models.TextChoices):
        OVERDUE = "overdue", _("overdue")
        INCOMPLETE = "incomplete", _("incomplete")

    class Language(models.TextChoices):
        VIETNAMESE = "vi", _("Vietnamese")
        ENGLISH = "en", _("English")

    name = NormalizedCharField(_("name"), max_length=200, unique=True)
    active = models.BooleanField(_("active"), default=True)
    plans = models.ManyToManyField(
        "tracking.Plan", blank=True, related_name="schedules", verbose_name=_("plans")
    )
    policy = models.CharField(
        _("policy"), max_length=20, choices=Policy.choices, default=Policy.OVERDUE
    )
    language = models.CharField(
        _("language"), max_length=5, choices=Language.choices, default=Language.VIETNAMESE
    )
    formats = models.JSONField(_("files to attach"), default=no_words, blank=True)
    rhythm = models.CharField(
        _("when"), max_length=20, choices=Rhythm.choices, default=Rhythm.WEEKDAYS
    )
    weekdays = models.JSONField(_("days of the week"), default=no_words, blank=True)
    days_before = models.PositiveSmallIntegerField(_("days before the meeting"), default=1)
    at = models.TimeField(_("time of day"))
    move_holidays = models.BooleanField(_("holidays moved to the next working day"), default=True)
    starts_at = models.DateTimeField(_("not before"))
    people = models.ManyToManyField(
        "tracking.User", blank=True, related_name="schedules", verbose_name=_("people")
    )
    roles = models.JSONField(_("roles"), default=no_words, blank=True)
    departments = models.ManyToManyField(
        "tracking.Department", blank=True, related_name="schedules", verbose_name=_("departments")
    )
    addresses = models.TextField(_("other addresses, one a line"), blank=True)

    objects = ReportScheduleQuerySet.as_manager()
    last_slot_at: datetime | None  # set by with_last_run()
    next_at: datetime | None  # set where several are listed

    class Meta:
        verbose_name = _("report schedule")
        verbose_name_plural = _("report schedules")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def rule(self, meetings: Iterable[datetime] = ()) -> Rule:
        return Rule(
            rhythm=Rhythm(self.rhythm),
            at=self.at,
            weekdays=frozenset(self.weekdays),
            days_before=self.days_before,
            move_holidays=self.move_holidays,
            meetings=tuple(meetings),
        )

    def settled_until(self) -> datetime:
        """After this instant its times count: those before were kept, passed over, or come before
        its beginning. Asks for with_last_run()."""
        begun = self.starts_at - MICROSECOND
        return max(begun, self.last_slot_at) if self.last_slot_at else begun


class ReportRun(models.Model):
    """A time of a schedule that was kept, or passed over because a later one was due as well;
    append-only. Once per slot."""

    schedule = models.ForeignKey(
        ReportSchedule, models.PROTECT, related_name="runs", verbose_name=_("report schedule")
    )
    slot_at = models.DateTimeField(_("due at"))
    made_at = models.DateTimeField(_("made at"))
    progress_list = models.ForeignKey(
        "tracking.ProgressList",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="runs",
        verbose_name=_("progress list"),
    )

    class Meta:
        verbose_name = _("run of a report")
        verbose_name_plural = _("runs of reports")
        ordering = ["-slot_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["schedule", "slot_at"], name="tracking_reportrun_once")
        ]

    def __str__(self) -> str:
        return f"{self.schedule} {in_zone(self.slot_at):%d/%m/%Y %H:%M}"

    @property
    def occasion(self) -> str:
        """The key of its message in the outbox."""
        return f"report:{self.schedule_id}:{in_zone(self.slot_at):%Y-%m-%dT%H:%M}"
