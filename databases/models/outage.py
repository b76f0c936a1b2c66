"""Outages with a course that only grows, and announced maintenance."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from databases.models.endpoint import Endpoint
from databases.rules.outages import Event
from tracking.models.fields import NormalizedCharField

EVENT_NAMES = {
    Event.CONFIRMED: _("confirmed"),
    Event.ANSWERING: _("answers again"),
    Event.RELAPSED: _("relapsed"),
    Event.OUT_OF_SIGHT: _("out of sight"),
    Event.SEEN_AGAIN: _("seen again"),
    Event.RECOVERED: _("recovered"),
    Event.CLOSE_ASKED: _("closing asked for"),
    Event.CLOSED_BY_HAND: _("closed by hand"),
    Event.ACKNOWLEDGED: _("acknowledged"),
    Event.NOTED: _("noted"),
    Event.JUDGED: _("judged"),
}


class Outage(models.Model):
    """From the first failure to the first answer that lasted. At most one is open an endpoint."""

    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, related_name="outages", verbose_name=_("endpoint")
    )
    started_at = models.DateTimeField(_("began"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    by_parent = models.BooleanField(_("because of what it depends on"), default=False)
    in_maintenance = models.BooleanField(_("in announced maintenance"), default=False)
    blame = models.CharField(_("looks like"), max_length=10, blank=True)

    class Meta:
        verbose_name = _("outage")
        verbose_name_plural = _("outages")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint"],
                condition=Q(ended_at=None),
                name="%(app_label)s_%(class)s_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.started_at:%d/%m/%Y %H:%M}"


class OutageEntry(models.Model):
    """A line of the course of an outage; append-only."""

    outage = models.ForeignKey(Outage, models.PROTECT, related_name="course")
    at = models.DateTimeField(_("at"))
    known_at = models.DateTimeField(_("written"))
    event = models.CharField(_("what"), max_length=16)
    note = NormalizedCharField(_("note"), max_length=1000, blank=True)
    by = NormalizedCharField(_("by"), max_length=310, blank=True)
    until = models.DateTimeField(_("until"), null=True)
    blame = models.CharField(_("looks like"), max_length=10, blank=True)
    because_vi = models.CharField(max_length=300, blank=True)
    because_en = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("entry of an outage")
        verbose_name_plural = _("entries of an outage")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"


class Maintenance(models.Model):
    """An announced window. Probing goes on; an outage inside it is excused."""

    endpoint = models.ForeignKey(
        Endpoint, models.CASCADE, related_name="maintenance", verbose_name=_("endpoint")
    )
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("to"))
    announced_at = models.DateTimeField(_("announced"))
    announced_by = NormalizedCharField(_("announced by"), max_length=150)
    document = NormalizedCharField(_("document"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("maintenance")
        verbose_name_plural = _("maintenance windows")
        ordering = ["-start"]
        constraints = [
            models.CheckConstraint(
                condition=Q(end__gt=F("start")), name="%(app_label)s_%(class)s_lasts"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.start:%d/%m/%Y %H:%M}"
