"""Whom the portal reminds of what: the ladder, and each rung that was told."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


def no_audience() -> list[Any]:
    return []


class ReminderStep(models.Model):
    """A rung of the ladder. Without any row the ladder of rules.reminders holds."""

    class Measure(models.TextChoices):
        SHARE = "share", _("per cent of the working time used")
        DUE = "due", _("on the last day in time")
        OVERDUE_WEEKS = "overdue_weeks", _("weeks overdue, and every week after")
        UNVERIFIED_DAYS = "unverified_days", _("working days awaiting verification")

    measure = models.CharField(_("measured by"), max_length=20, choices=Measure.choices)
    amount = models.PositiveSmallIntegerField(_("how much"), default=0)
    to = models.JSONField(_("who is told"), default=no_audience)

    class Meta:
        verbose_name = _("rung of the reminders")
        verbose_name_plural = _("ladder of reminders")
        ordering = ["measure", "amount"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "amount"], name="tracking_reminderstep_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_measure_display()} {self.amount}"


class Reminder(models.Model):
    """A rung that a person was told of: once per deadline; append-only. `deadline` names the
    deadline in force (its last day in time), or the submission that waits."""

    task = models.ForeignKey(
        "tracking.Task", models.PROTECT, related_name="reminders", verbose_name=_("task")
    )
    deadline = models.CharField(_("deadline"), max_length=40)
    rung = models.CharField(_("rung"), max_length=30)
    person = models.CharField(_("person"), max_length=150)
    message = models.ForeignKey(
        "tracking.Message",
        models.PROTECT,
        null=True,
        related_name="reminders",
        verbose_name=_("message"),
    )
    at = models.DateTimeField(_("told at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "deadline", "rung", "person"], name="tracking_reminder_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.rung} {self.person}"
