"""Who answers for a connection, and from when until when?"""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from databases.models.connection import Connection
from tracking.models.fields import NormalizedCharField


class PartyRole(models.TextChoices):
    OWNER = "owner", pgettext_lazy("party", "owner")
    OPERATOR = "operator", pgettext_lazy("party", "operator")
    CARRIER = "carrier", pgettext_lazy("party", "carrier")


class PartyQuerySet(models.QuerySet["Party"]):
    def in_force(self, day: date) -> Self:
        """Those of that day, both ends included."""
        begun = self.filter(valid_from__lte=day)
        return begun.filter(Q(valid_to=None) | Q(valid_to__gte=day))


class Party(models.Model):
    """A department or a partner in one role; another period is another row."""

    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="parties", verbose_name=_("connection")
    )
    role = models.CharField(_("role"), max_length=10, choices=PartyRole.choices)
    department = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("department"),
    )
    partner = models.ForeignKey(
        "tracking.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("partner"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    document = NormalizedCharField(_("document"), max_length=300, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["connection", "role", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(department=None) ^ Q(partner=None),
                name="%(app_label)s_%(class)s_department_or_partner",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["connection", "role", "valid_from"], name="%(app_label)s_%(class)s_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.body}"

    @property
    def body(self) -> object:
        return self.department or self.partner
