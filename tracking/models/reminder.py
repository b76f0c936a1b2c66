"""Whom the portal reminds of what: the ladder, and each rung that was told."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.rules.reminders import DEFAULT_LADDER, Audience, Ladder, Measure, Rung, Step

# (key of the task, subject of the climb, user name)
Told = tuple[int, str, str]


def no_audience() -> list[Any]:
    return []


class ReminderStepQuerySet(models.QuerySet["ReminderStep"]):
    def ladder(self) -> Ladder:
        """The ladder that holds: the default one unless there are rows; one query."""
        steps = tuple(row.as_step() for row in self)
        return Ladder(steps) if steps else DEFAULT_LADDER


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

    objects = ReminderStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("rung of the reminders")
        verbose_name_plural = _("ladder of reminders")
        ordering = ["measure", "amount"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "amount"], name="tracking_reminderstep_once")
        ]

    def __str__(self) -> str:
        name = str(self.get_measure_display())
        return f"{name}: {self.amount}" if self.amount else name

    def as_step(self) -> Step:
        return Step(Measure(self.measure), self.amount, frozenset(Audience(who) for who in self.to))


class ReminderQuerySet(models.QuerySet["Reminder"]):
    def highest_told(self, people: Collection[str], tasks: Any) -> dict[Told, Rung]:
        """The highest rung that each of these people was told of; one query. `tasks`: keys, or a
        query of keys."""
        rows = self.filter(person__in=people, task_id__in=tasks).order_by()
        found: dict[Told, Rung] = {}
        for task, subject, person, name in rows.values_list(
            "task_id", "deadline", "person", "rung"
        ):
            told, rung = (task, subject, person), Rung.named(name)
            if rung.higher_than(found.get(told)):
                found[told] = rung
        return found


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

    objects = ReminderQuerySet.as_manager()

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
        return f"{self.task.code}, {self.person}"
