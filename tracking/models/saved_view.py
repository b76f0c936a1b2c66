"""A question to the list of tasks that somebody keeps."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField, SortField
from tracking.models.user import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def offered_to(self, person: User) -> Self:
        """Their own, and what others share."""
        return self.filter(Q(owner=person) | Q(shared=True)).select_related("owner")


class SavedView(models.Model):
    """Filters, order and columns as the query string of an address, under a name."""

    owner = models.ForeignKey(
        User, models.CASCADE, related_name="saved_views", verbose_name=_("owner")
    )
    name = NormalizedCharField(_("name"), max_length=80)
    query = models.CharField(_("query"), max_length=2000, blank=True)
    shared = models.BooleanField(_("shared with everybody"), default=False)
    sort = SortField(of=("name",))

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["sort", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="%(app_label)s_%(class)s_one_name"
            )
        ]

    def __str__(self) -> str:
        return self.name
