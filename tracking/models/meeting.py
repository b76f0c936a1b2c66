"""Review meetings: who speaks, what was concluded, and what became of it in the ledger."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField


def no_codes() -> list[Any]:
    return []


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def ahead(self, now: datetime) -> Self:
        """Those still to be held, the next first."""
        return self.filter(state=Meeting.State.PLANNED, held_at__gte=now).order_by("held_at")


class Meeting(models.Model):
    """A review meeting; it looks at one issued list."""

    class State(models.TextChoices):
        PLANNED = "planned", _("planned")
        CLOSED = "closed", _("closed")
        CANCELLED = "cancelled", _("cancelled")

    title = NormalizedCharField(_("title"), max_length=300)
    held_at = models.DateTimeField(_("held at"))
    place = NormalizedCharField(_("place"), max_length=300, blank=True)
    chair = NormalizedCharField(_("chaired by"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    progress_list = models.ForeignKey(
        "tracking.ProgressList",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("progress list"),
    )
    document = models.ForeignKey(
        "tracking.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="meetings",
        verbose_name=_("conclusion notice"),
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-held_at", "-pk"]
        permissions = [("lead_meeting", _("Can record conclusions of meetings"))]

    def __str__(self) -> str:
        return f"{self.title} {self.held_at:%d/%m/%Y}"


class MeetingItem(models.Model):
    """A department on the agenda, why it is there, and what was noted while it spoke."""

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="items", verbose_name=_("meeting")
    )
    place = models.PositiveSmallIntegerField(_("order"))
    department = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        related_name="meeting_items",
        verbose_name=_("department"),
    )
    reasons = models.JSONField(_("tasks to speak about"), default=no_codes, blank=True)
    remark = models.TextField(_("right of reply"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    spoken = models.BooleanField(_("has spoken"), default=False)

    class Meta:
        verbose_name = _("item of an agenda")
        verbose_name_plural = _("items of agendas")
        ordering = ["meeting", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "department"], name="tracking_meetingitem_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.department}"


class Conclusion(models.Model):
    """What the chair concluded; append-only. As a task or a decision it is also in the ledger,
    which alone judges: `event` is that entry."""

    class Kind(models.TextChoices):
        NOTED = "noted", _("noted")
        TASK = "task", _("new task")
        DECISION = "decision", _("decision on a task")

    meeting = models.ForeignKey(
        Meeting, models.PROTECT, related_name="conclusions", verbose_name=_("meeting")
    )
    item = models.ForeignKey(
        MeetingItem,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conclusions",
        verbose_name=_("item of an agenda"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = NormalizedCharField(_("conclusion"), max_length=2000)
    task = models.ForeignKey(
        "tracking.Task",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conclusions",
        verbose_name=_("task"),
    )
    event = models.ForeignKey(
        "tracking.Event",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conclusions",
        verbose_name=_("entry of the ledger"),
    )
    recorded_at = models.DateTimeField(_("recorded"))
    actor = NormalizedCharField(_("entered by"), max_length=150)

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return self.text
