"""The ledger: append-only events, the only truth about tasks; and evidence files."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField
from tracking.rules.events import Event as LedgerEvent, Kind
from tracking.rules.instants import day_of

KIND_NAMES = {
    Kind.ASSIGNED: _("assigned"),
    Kind.DEADLINE_SET: _("deadline set"),
    Kind.EXTENSION_REQUESTED: _("extension requested"),
    Kind.EXTENSION_GRANTED: _("new deadline granted"),
    Kind.EXTENSION_REFUSED: _("extension refused"),
    Kind.PROGRESS_REPORTED: _("progress reported"),
    Kind.SUBMITTED: _("submitted"),
    Kind.RETURNED: _("returned"),
    Kind.ACCEPTED: _("accepted"),
    Kind.REOPENED: _("reopened"),
    Kind.PAUSED: _("suspended"),
    Kind.RESUMED: _("resumed"),
    Kind.BLOCKED: _("waiting for another body"),
    Kind.UNBLOCKED: _("no longer waiting"),
    Kind.REASSIGNED: _("reassigned"),
    Kind.REQUIREMENT_CHANGED: _("requirement changed"),
    Kind.CANCELLED: _("cancelled"),
    Kind.EVIDENCE_RECORDED: _("evidence recorded"),
}


class Event(models.Model):
    """One line of the ledger. The database refuses UPDATE and DELETE, and self-approval."""

    number = models.BigIntegerField(_("ledger number"), primary_key=True)
    task = models.ForeignKey(
        "tracking.Task", models.PROTECT, related_name="events", verbose_name=_("task")
    )
    kind = models.CharField(
        _("kind"), max_length=30, choices=[(str(k), name) for k, name in KIND_NAMES.items()]
    )
    payload = models.JSONField(_("content"), default=dict, blank=True)
    effective_at = models.DateTimeField(_("effective"))
    recorded_at = models.DateTimeField(_("recorded"))
    actor = NormalizedCharField(_("entered by"), max_length=150, blank=True)
    on_behalf_of = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    document = models.ForeignKey(
        "tracking.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("source document"),
    )

    class Meta:
        verbose_name = _("entry of the ledger")
        verbose_name_plural = _("ledger")
        ordering = ["number"]
        indexes = [
            models.Index(
                fields=["task", "effective_at", "recorded_at", "number"], name="event_in_order"
            ),
            models.Index(fields=["recorded_at"], name="event_recorded"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.task_id} {self.kind}"

    @property
    def recorded_another_day(self) -> datetime | None:
        """When it was recorded, where that was on another day than the one it takes effect."""
        apart = day_of(self.recorded_at) != day_of(self.effective_at)
        return self.recorded_at if apart else None

    def as_ledger_event(self) -> LedgerEvent:
        return LedgerEvent(
            kind=Kind(self.kind),
            effective_at=self.effective_at,
            recorded_at=self.recorded_at,
            number=self.number,
            payload=self.payload,
            actor=self.actor,
            on_behalf_of=self.on_behalf_of.code if self.on_behalf_of else "",
        )


class Evidence(models.Model):
    """A file that shows a product or a result; named in the ledger by its SHA-256."""

    event = models.OneToOneField(
        Event, models.PROTECT, related_name="evidence", verbose_name=_("entry of the ledger")
    )
    file = models.FileField(_("file"), upload_to="%Y/%m")
    name = NormalizedCharField(_("file name"), max_length=255)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField("SHA-256", max_length=64, db_index=True)
    effective_on = models.DateField(_("effective on"), null=True, blank=True)
    expires_on = models.DateField(_("expires on"), null=True, blank=True)

    class Meta:
        verbose_name = _("evidence file")
        verbose_name_plural = _("evidence files")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_valid_period",
                condition=Q(effective_on=None)
                | Q(expires_on=None)
                | Q(expires_on__gte=F("effective_on")),
            )
        ]

    def __str__(self) -> str:
        return self.name
