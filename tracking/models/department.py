"""Departments of the ministry, their validity and what became of them; partners outside it."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField, SearchField, SortField
from tracking.rules.departments import DepartmentFacts


def _all_but_last(row: Sequence[Any]) -> Sequence[Any]:
    return row[:-1]


class DepartmentQuerySet(models.QuerySet["Department"]):
    def active(self, as_of: date) -> Self:
        begun = Q(valid_from=None) | Q(valid_from__lte=as_of)
        return self.filter(begun, Q(valid_to=None) | Q(valid_to__gte=as_of))

    def facts(self) -> dict[str, DepartmentFacts]:
        """What the rules need of every department, by code, in protocol order; one query."""
        columns = ("code", "name_vi", "name_en", "order", "valid_from", "valid_to")
        order = ("order", "code", "successions__position", "successions__pk")
        rows = self.order_by(*order).values_list(*columns, "successions__successor__code")
        return {
            code: DepartmentFacts(
                code=code,
                name={"vi": vi, "en": en or vi},
                order=place,
                valid_from=valid_from,
                valid_to=valid_to,
                successors=tuple(row[-1] for row in alike if row[-1]),
            )
            for (code, vi, en, place, valid_from, valid_to), alike in groupby(rows, _all_but_last)
        }


class Department(Bilingual):
    """A Cục, Vụ or Trung tâm. Renaming, merging and splitting make new rows: old lists and old
    names are never rewritten."""

    code = NormalizedCharField(_("code"), max_length=40, unique=True)
    order = models.PositiveIntegerField(_("protocol order"), default=0)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to (inclusive)"), null=True, blank=True)
    successors = models.ManyToManyField(
        "self",
        through="Succession",
        symmetrical=False,
        related_name="predecessors",
        verbose_name=_("succeeded by"),
    )
    search = SearchField(of=("code", "name_vi", "name_en"))
    sort = SortField(of=("name_vi",))

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        ordering = ["order", "code"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_valid_period",
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_(
                    "The last day of validity lies before the first. Correct one of the two."
                ),
            )
        ]


class Succession(models.Model):
    """What became of a department: one successor is a renaming, several a splitting; several
    departments with one successor are a merging."""

    department = models.ForeignKey(
        Department, models.PROTECT, related_name="successions", verbose_name=_("department")
    )
    successor = models.ForeignKey(
        Department, models.PROTECT, related_name="inheritances", verbose_name=_("successor")
    )
    position = models.PositiveSmallIntegerField(_("order among the successors"), default=0)

    class Meta:
        verbose_name = _("succession")
        verbose_name_plural = _("successions")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["department", "successor"], name="%(app_label)s_%(class)s_once"
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_other",
                condition=~Q(department=F("successor")),
                violation_error_message=_("A department cannot succeed itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department.code} → {self.successor.code}"


class Partner(Bilingual):
    """A body outside the ministry's departments that tasks wait for; never marked."""

    class Kind(models.TextChoices):
        MINISTRY = "ministry", _("ministry")
        AGENCY = "agency", _("agency")
        HOSPITAL = "hospital", _("hospital")
        PROVINCE = "province", _("province")
        OTHER = "other", _("other")

    code = NormalizedCharField(_("code"), max_length=40, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    search = SearchField(of=("code", "name_vi", "name_en"))
    sort = SortField(of=("name_vi",))

    class Meta:
        verbose_name = _("partner")
        verbose_name_plural = _("partners")
        ordering = ["sort"]
