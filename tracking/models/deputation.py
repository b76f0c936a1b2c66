"""Who acts for a department in somebody's place, and from when until when?"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracking.models.department import Department
from tracking.models.fields import NormalizedCharField


class DeputationQuerySet(models.QuerySet["Deputation"]):
    def in_force(self, day: date) -> Self:
        """Those of that day, both ends included."""
        return self.filter(valid_from__lte=day, valid_to__gte=day)

    def for_department(self, department: Department) -> Self:
        return self.filter(department=department)

    def named(self) -> Self:
        """With the people, for pages that name them."""
        return self.select_related("deputy", "in_place_of", "department")

    def overlapping(self, other: "Deputation") -> Self:
        """The same deputy for the same department on some of the same days."""
        same = self.filter(deputy=other.deputy_id, department=other.department_id)
        days = same.filter(valid_from__lte=other.valid_to, valid_to__gte=other.valid_from)
        return days.exclude(pk=other.pk)


class Deputation(models.Model):
    """A person reports for a department that is not their own, between two dates. What they write
    stands in the ledger under their own name, on behalf of the department, in place of another."""

    deputy = models.ForeignKey(
        "tracking.User", models.PROTECT, related_name="deputations", verbose_name=_("deputy")
    )
    department = models.ForeignKey(
        "tracking.Department", models.PROTECT, related_name="+", verbose_name=_("department")
    )
    in_place_of = models.ForeignKey(
        "tracking.User", models.PROTECT, related_name="+", verbose_name=_("in place of")
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to (inclusive)"))
    document = NormalizedCharField(_("document"), max_length=300, blank=True)

    objects = DeputationQuerySet.as_manager()

    class Meta:
        verbose_name = _("deputy")
        verbose_name_plural = _("deputies")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_valid_period",
                condition=Q(valid_to__gte=F("valid_from")),
                violation_error_message=_(
                    "The last day of validity lies before the first. Correct one of the two."
                ),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_another",
                condition=~Q(deputy=F("in_place_of")),
                violation_error_message=_("Nobody is their own deputy."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} → {self.department}"
