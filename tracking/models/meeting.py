"""Review meetings: who speaks, what was concluded, and what became of it in the ledger."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tracking.models.fields import NormalizedCharField
from tracking.rules.instants import day_of


def no_codes() -> list[Any]:
    return []


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def ahead(self, now: datetime) -> Self:
        """Those still to be held, the next first."""
        return self.filter(state=Meeting.State.PLANNED, held_at__gte=now).order_by("held_at")

    def planned(self) -> Self:
        """Those not closed yet, the next first: their time may have passed."""
        return self.filter(state=Meeting.State.PLANNED).order_by("held_at", "pk")

    def over(self) -> Self:
        """Closed and cancelled ones, the last first."""
        return self.exclude(state=Meeting.State.PLANNED).order_by("-held_at", "-pk")

    def counted(self) -> Self:
        """Each with its `departments`, those who have `spoken`, and what was `concluded`."""
        items = Count("items", distinct=True)
        return self.annotate(
            departments=items,
            spoken=Count("items", filter=Q(items__spoken=True), distinct=True),
            concluded=Count("conclusions", filter=~Q(state=Meeting.State.CANCELLED), distinct=True),
        ).select_related("progress_list", "document")


class Meeting(models.Model):
    """A review meeting; it looks at one issued list."""

    class State(models.TextChoices):
        # Elsewhere these words are said of connections and contradictions.
        PLANNED = "planned", pgettext_lazy("meeting", "planned")
        CLOSED = "closed", pgettext_lazy("meeting", "closed")
        CANCELLED = "cancelled", _("cancelled")

    title = NormalizedCharField(pgettext_lazy("meeting", "title"), max_length=300)
    held_at = models.DateTimeField(_("held at"))
    place = NormalizedCharField(_("place"), max_length=300, blank=True)
    chair = NormalizedCharField(_("chaired by"), max_length=200, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.PLANNED
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = NormalizedCharField(_("closed by"), max_length=150, blank=True)
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

    @property
    def held_on(self) -> date:
        return day_of(self.held_at)

    @property
    def open(self) -> bool:
        """Whether anything may still be written."""
        return self.state == self.State.PLANNED

    @property
    def cancelled(self) -> "Conclusion | None":
        """Why it was cancelled, by whom and when: the only thing that such a meeting concludes."""
        if self.state != self.State.CANCELLED:
            return None
        return self.conclusions.filter(item=None).order_by("pk").last()


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


class ConclusionQuerySet(models.QuerySet["Conclusion"]):
    def about(self, departments: Collection[str], before: datetime) -> Self:
        """What meetings before that one concluded about these departments, the newest first."""
        rows = self.filter(item__department__code__in=departments, meeting__held_at__lt=before)
        named = rows.select_related("meeting", "item__department", "task", "event")
        return named.order_by("-meeting__held_at", "-pk")


class Conclusion(models.Model):
    """What the chair concluded; append-only. As a task or a decision it is also in the ledger,
    which alone judges: `event` is that entry."""

    class Kind(models.TextChoices):
        NOTED = "noted", pgettext_lazy("meeting", "noted")
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

    objects = ConclusionQuerySet.as_manager()

    class Meta:
        verbose_name = _("conclusion")
        verbose_name_plural = _("conclusions")
        ordering = ["recorded_at", "pk"]

    def __str__(self) -> str:
        return self.text
