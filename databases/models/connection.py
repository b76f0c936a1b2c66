"""Connections of a database to a counterpart, their interfaces, and their declared stages."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from databases.rules.stage import Stage
from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField
from tracking.rules.instants import day_of

STAGE_NAMES = {
    Stage.PLANNED: _("planned"),
    Stage.UPGRADING: _("upgrading"),
    Stage.UPGRADING_INTERFACES: _("upgrading interfaces"),
    Stage.CONNECTED: _("connected"),
    Stage.SUSPENDED: _("suspended"),
}


class ConnectionQuerySet(models.QuerySet["Connection"]):
    def with_stage(self, *, at: datetime, known_at: datetime) -> Self:
        """Each with `stage` and `stage_on`: the declaration in force at (T, K), or None."""
        declared = StageChange.objects.filter(connection=OuterRef("pk"))
        latest = declared.visible(at=at, known_at=known_at).reverse()
        return self.annotate(
            stage=Subquery(latest.values("stage")[:1]),
            stage_on=Subquery(latest.values("effective_on")[:1]),
        )


class Connection(models.Model):
    """A database × a counterpart system. Its stage is a history, never a column."""

    code = NormalizedCharField(_("code"), max_length=60, unique=True)
    database = models.ForeignKey(
        "databases.Database",
        models.PROTECT,
        related_name="connections",
        verbose_name=_("database"),
    )
    counterpart = models.ForeignKey(
        "databases.CounterpartSystem",
        models.PROTECT,
        related_name="connections",
        verbose_name=_("counterpart system"),
    )
    task = models.ForeignKey(
        "tracking.Task",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("task"),
    )

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["database", "counterpart"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Interface(Bilingual):
    """A way in of a connection; one database has two."""

    code = NormalizedCharField(_("code"), max_length=60, unique=True)
    connection = models.ForeignKey(
        Connection, models.CASCADE, related_name="interfaces", verbose_name=_("connection")
    )

    class Meta:
        verbose_name = _("interface")
        verbose_name_plural = _("interfaces")
        ordering = ["code"]


class StageChangeQuerySet(models.QuerySet["StageChange"]):
    def visible(self, *, at: datetime, known_at: datetime) -> Self:
        """What was declared and known for (T, K), in the order of application."""
        seen = self.filter(effective_on__lte=day_of(at), recorded_at__lte=known_at)
        return seen.order_by("effective_on", "recorded_at", "pk")


class StageChange(models.Model):
    """The declaration that a connection has reached a stage; append-only."""

    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="stage_changes", verbose_name=_("connection")
    )
    stage = models.CharField(
        _("stage"), max_length=30, choices=[(str(k), name) for k, name in STAGE_NAMES.items()]
    )
    effective_on = models.DateField(_("effective on"))
    recorded_at = models.DateTimeField(_("recorded"))
    note = NormalizedCharField(_("note"), max_length=500, blank=True)
    actor = NormalizedCharField(_("entered by"), max_length=150, blank=True)
    document = models.ForeignKey(
        "tracking.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("source document"),
    )

    objects = StageChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("declared stage")
        verbose_name_plural = _("declared stages")
        ordering = ["-effective_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.connection_id} {self.stage}"
