"""What the probes saw, attempt by attempt, and where that changed a state."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from databases.models.endpoint import Endpoint


class Check(models.Model):
    """The one result of a slot. On PostgreSQL it lies in a partition for each day, in UTC."""

    pk = models.CompositePrimaryKey("endpoint_id", "slot_at")
    endpoint = models.ForeignKey(
        Endpoint, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="checks"
    )
    slot_at = models.DateTimeField(_("slot"))
    started_at = models.DateTimeField(_("started"))
    version = models.PositiveIntegerField()
    missed = models.PositiveIntegerField(_("slots missed before"), default=0)
    result = models.CharField(_("result"), max_length=8)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    blame = models.CharField(_("blame"), max_length=10, blank=True)
    depth = models.PositiveSmallIntegerField()
    # Microseconds of each phase, null where it was not reached.
    names = models.PositiveIntegerField(null=True)
    connect = models.PositiveIntegerField(null=True)
    tls = models.PositiveIntegerField(null=True)
    first_byte = models.PositiveIntegerField(null=True)
    total = models.PositiveIntegerField(_("took"), null=True)
    status = models.PositiveSmallIntegerField(null=True)
    days_left = models.IntegerField(null=True)  # of the certificate
    age = models.PositiveIntegerField(null=True)  # of the data, in seconds

    class Meta:
        verbose_name = _("check")
        verbose_name_plural = _("checks")

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.slot_at} {self.result}"


class Transition(models.Model):
    """A change of state as databases.rules.track.Transition tells it; append-only, in the order it
    became known. The source of every uptime and every state as of a past instant."""

    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="transitions")
    at = models.DateTimeField(_("since"))
    known_at = models.DateTimeField(_("known"))
    before = models.CharField(_("from"), max_length=12)
    after = models.CharField(_("to"), max_length=12)
    reason = models.CharField(_("reason"), max_length=60, blank=True)
    blame = models.CharField(_("blame"), max_length=10, blank=True)
    by_parent = models.BooleanField(default=False)
    maintenance = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("change of state")
        verbose_name_plural = _("changes of state")
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["endpoint", "known_at"]),
            models.Index(fields=["known_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.before} → {self.after}"
