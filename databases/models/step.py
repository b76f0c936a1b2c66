"""The official steps of a connection, as dated records with their documents."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from databases.models.connection import Connection
from tracking.models.fields import NormalizedCharField
from tracking.rules.instants import day_of


class Step(models.TextChoices):
    """The five steps of guidance 4856/BCA-TTDLQG, and what may come beside them."""

    SCOPE_AGREED = "scope_agreed", _("content and scope agreed")
    APPRAISED = "appraised", _("plan appraised and approved")
    SET_UP = "set_up", _("set up and configured")
    TESTED = "tested", _("tested, minutes signed")
    IN_OPERATION = "in_operation", _("in official operation")
    SUSPENDED = "suspended", _("suspended")
    SECURITY_MINUTES = "security_minutes", _("security minutes signed")


class StepRecordQuerySet(models.QuerySet["StepRecord"]):
    def visible(self, *, at: datetime, known_at: datetime) -> Self:
        """What was done by T as known at K, in the order in which it was recorded."""
        seen = self.filter(done_on__lte=day_of(at), recorded_at__lte=known_at)
        return seen.order_by("recorded_at", "pk")


class StepRecord(models.Model):
    """A step that was taken; append-only. Which record of a step holds: rules.steps.latest."""

    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="steps", verbose_name=_("connection")
    )
    step = models.CharField(_("step"), max_length=20, choices=Step.choices)
    done_on = models.DateField(_("done on"))
    expires_on = models.DateField(
        _("expires on"),
        null=True,
        blank=True,
        help_text=_("Of security minutes: the last day on which they hold."),
    )
    document = models.ForeignKey(
        "tracking.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("document"),
    )
    note = NormalizedCharField(_("note"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    actor = NormalizedCharField(_("entered by"), max_length=150, blank=True)

    objects = StepRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a connection")
        verbose_name_plural = _("steps of a connection")
        ordering = ["-done_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(expires_on__gte=F("done_on")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(step=Step.SECURITY_MINUTES),
                name="%(app_label)s_%(class)s_only_minutes_expire",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.step}"
