"""Is the portal itself at work? Signs of life, and what operators were told when one is missing."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Pulse(models.Model):
    """When something of ours last was at work; one row each."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last at work"))

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(ended_at=None).order_by("since", "pk")


class Alarm(models.Model):
    """Something that operators must know by another way than the one that may have stopped. At
    most one is open for each subject."""

    class Kind(models.TextChoices):
        REPORT_LATE = "report_late", _("a report is not out")
        STOPPED = "stopped", _("a process has stopped")
        UNSENT = "unsent", _("mail does not leave")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject = models.CharField(_("about"), max_length=200)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"))
    opened_at = models.DateTimeField(_("noticed at"))
    ended_at = models.DateTimeField(_("over at"), null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(ended_at=None),
                name="tracking_alarm_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.subject}"


class AlarmTelling(models.Model):
    """That an alarm was told, by which way, and whether that way took it; append-only."""

    alarm = models.ForeignKey(
        Alarm, models.PROTECT, related_name="tellings", verbose_name=_("alarm")
    )
    way = models.CharField(_("by"), max_length=20)
    over = models.BooleanField(_("that it is over"), default=False)
    at = models.DateTimeField(_("at"))
    taken = models.BooleanField(_("taken"))
    said = models.CharField(_("said"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("telling of an alarm")
        verbose_name_plural = _("tellings of alarms")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.way
