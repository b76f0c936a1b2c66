"""Tasks as they were assigned; what became of them is in the ledger."""

from collections.abc import Iterable
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import FilteredRelation, Q
from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField, SearchField, SortField
from tracking.models.standing_sql import standing_case
from tracking.rules.situation import Situation


class TaskQuerySet(models.QuerySet["Task"]):
    def of_plans(self, codes: Iterable[str]) -> Self:
        """Those of the named plans; no name means every plan."""
        codes = list(codes)
        return self.filter(plan__code__in=codes) if codes else self

    def as_of(self, at: datetime) -> Self:
        """Each task with its `situation` at that instant, as corrected since; those not yet
        assigned then are left out."""
        held = Q(situations__valid_from__lte=at, situations__valid_to__gt=at)
        joined = self.alias(situation=FilteredRelation("situations", condition=held))
        return joined.filter(situation__isnull=False)

    def with_standing(self, at: datetime) -> Self:
        """`standing`, `lead`, `due_on` and `required` at that instant: the SQL form of
        rules.standing, proven equal to it; cancelled tasks have the standing ""."""
        return self.as_of(at).annotate(
            standing=standing_case(at, "situation__"),
            lead_code=models.F("situation__lead__code"),
            lead_name=models.F("situation__lead__name_vi"),
            due_on=models.F("situation__due_on"),
            required=models.F("situation__required"),
        )

    def overdue(self, at: datetime) -> Self:
        return self.with_standing(at).filter(standing="overdue")

    def kept_from_mail(self) -> dict[int, str]:
        """Key -> code of the classified tasks and of all that is part of them, whose titles would
        tell; a query for each level of parts."""
        found = level = dict(self.filter(classified=True).order_by().values_list("pk", "code"))
        while level:
            parts = self.filter(parent__in=level).exclude(pk__in=found)
            level = dict(parts.order_by().values_list("pk", "code"))
            found = found | level
        return found

    def standings(self, at: datetime) -> dict[str, str]:
        """Code -> standing at that instant; "" for a cancelled task."""
        rows = self.with_standing(at).values_list("code", "standing")  # type: ignore[misc]
        return dict(rows)


class Task(Bilingual):
    """What a department owes. Lead and requirement are those of the assignment: later ones are
    events. `last_recorded_at` belongs to the projection."""

    code = NormalizedCharField(_("code"), max_length=60, unique=True)
    plan = models.ForeignKey(
        "tracking.Plan", models.PROTECT, related_name="tasks", verbose_name=_("plan")
    )
    document = models.ForeignKey(
        "tracking.Document",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="tasks",
        verbose_name=_("assigned by"),
    )
    clause = NormalizedCharField(_("clause"), max_length=60, blank=True)
    first_lead = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        related_name="tasks_assigned",
        verbose_name=_("lead as assigned"),
    )
    first_required = models.BooleanField(_("required as assigned"), default=True)
    coordinating = models.ManyToManyField(
        "tracking.Department",
        related_name="tasks_coordinated",
        blank=True,
        verbose_name=_("coordinating departments"),
    )
    product_vi = NormalizedCharField(_("product in Vietnamese"), max_length=500, blank=True)
    product_en = NormalizedCharField(_("product in English"), max_length=500, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    classified = models.BooleanField(
        _("classified"), default=False, help_text=_("Never leaves the portal by mail.")
    )
    last_recorded_at = models.DateTimeField(_("last entry"), null=True, editable=False)
    search = SearchField(of=("code", "name_vi", "name_en"))
    sort = SortField(of=("name_vi",))

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["code"]
        indexes = [models.Index(fields=["last_recorded_at"], name="task_last_recorded")]
        permissions = [("decide_task", _("Can record decisions on tasks"))]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def product(self) -> dict[str, str] | None:
        if not self.product_vi:
            return None
        return {"vi": self.product_vi, "en": self.product_en or self.product_vi}

    def start(self) -> Situation:
        """What the fold of its ledger begins with."""
        return Situation(lead=self.first_lead.code, required=self.first_required)
