"""The projection: what held for each task from one instant to the next, as corrected since."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracking.models.standing_sql import standing_case
from tracking.rules.situation import Situation
from tracking.rules.snapshot import restore, snapshot


class TaskSituationQuerySet(models.QuerySet["TaskSituation"]):
    def at(self, instant: datetime) -> Self:
        """The one row of each task that was assigned by then."""
        return self.filter(valid_from__lte=instant, valid_to__gt=instant)

    def with_standing(self, instant: datetime) -> Self:
        return self.annotate(standing=standing_case(instant))


class TaskSituation(models.Model):
    """One stretch of a task's life, written from the ledger only; can be dropped and rebuilt.

    The columns serve SQL; `snapshot` is the whole Situation of the rules."""

    # Indexes of their own would repeat the beginning of others.
    task = models.ForeignKey(
        "tracking.Task", models.CASCADE, related_name="situations", db_index=False
    )
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    lead = models.ForeignKey(
        "tracking.Department", models.PROTECT, related_name="+", db_index=False
    )
    required = models.BooleanField()
    cancelled = models.BooleanField()
    completed = models.BooleanField()
    pending = models.BooleanField()
    paused = models.BooleanField()
    asked = models.BooleanField()
    blocked = models.BooleanField()
    extensions = models.PositiveIntegerField()
    due_on = models.DateField(null=True)
    end_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    judged_end_at = models.DateTimeField(null=True)
    snapshot = models.JSONField()

    objects = TaskSituationQuerySet.as_manager()

    class Meta:
        verbose_name = _("situation")
        verbose_name_plural = _("situations")
        constraints = [
            models.UniqueConstraint(
                fields=["task", "valid_from"], name="%(app_label)s_%(class)s_start"
            )
        ]
        # All that lists count, filter and sort by: they need not read the wide snapshots.
        indexes = [
            models.Index(
                fields=[
                    *("valid_to", "valid_from", "cancelled", "completed", "paused", "pending"),
                    *("asked", "blocked", "required", "end_at", "submitted_at", "judged_end_at"),
                    *("due_on", "extensions", "lead", "task", "id"),
                ],
                name="situation_covering",
            ),
            models.Index(fields=["lead", "valid_to"], name="situation_lead"),
            # Few tasks wait at any time.
            models.Index(fields=["valid_to"], condition=Q(pending=True), name="situation_pending"),
            models.Index(fields=["valid_to"], condition=Q(asked=True), name="situation_asked"),
            models.Index(fields=["valid_to"], condition=Q(blocked=True), name="situation_blocked"),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} {self.valid_from:%d/%m/%Y %H:%M}"

    @classmethod
    def of(
        cls,
        task_id: int,
        period: tuple[datetime, datetime],
        situation: Situation,
        lead_id: int,
    ) -> "TaskSituation":
        made, deadline = situation.submission, situation.deadline
        judged = made.judged_by if made else None
        return cls(
            task_id=task_id,
            valid_from=period[0],
            valid_to=period[1],
            lead_id=lead_id,
            required=situation.required,
            cancelled=situation.cancelled,
            completed=situation.completed,
            pending=situation.pending,
            paused=situation.paused,
            asked=situation.request is not None,
            blocked=bool(situation.blocks),
            extensions=situation.extensions,
            due_on=deadline.due_on if deadline else None,
            end_at=deadline.end if deadline else None,
            submitted_at=made.at if made else None,
            judged_end_at=judged.end if judged else None,
            snapshot=snapshot(situation),
        )

    def values(self) -> dict[str, Any]:
        """Every column but the key, for comparing a rebuilt projection with the stored one."""
        names = [f.attname for f in self._meta.concrete_fields if not f.primary_key]
        return {name: getattr(self, name) for name in names}

    def situation(self) -> Situation:
        return restore(self.snapshot)
