"""Issued progress lists: numbered, frozen, chained; and the number the records clerk gave."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField


def series_of(policy: str, plans: Iterable[str]) -> str:
    """Names the lists that can be compared: the same policy over the same plans."""
    return "|".join([policy, *sorted(plans)])


class ProgressListQuerySet(models.QuerySet["ProgressList"]):
    def standing_ones(self) -> Self:
        """Those that no later list supersedes."""
        return self.filter(superseded_by=None)

    def with_superseded(self) -> Self:
        newer = ProgressList.objects.filter(supersedes=OuterRef("pk"))
        return self.annotate(superseded=Exists(newer))

    def in_series(self, policy: str, plans: Iterable[str]) -> Self:
        return self.filter(series=series_of(policy, plans))

    def before(self, as_of: date, known_at: datetime) -> Self:
        """Those for an earlier day that were known then and still stand, the newest first: the
        first of a series is what a list of (T, K) is compared with."""
        earlier = self.standing_ones().filter(as_of__lt=as_of, known_at__lt=known_at)
        return earlier.order_by("-as_of", "-number")


class ProgressList(models.Model):
    """A list as it was issued. `content` is its canonical JSON, byte for byte; the database
    refuses UPDATE and DELETE, so being superseded is read off the list that supersedes it."""

    number = models.PositiveIntegerField(_("number"), unique=True)
    as_of = models.DateField(_("as of"))
    known_at = models.DateTimeField(_("known at"))
    series = NormalizedCharField(_("policy and plans"), max_length=500)
    content = models.TextField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)
    previous_sha256 = models.CharField(_("SHA-256 of the list before"), max_length=64, blank=True)
    supersedes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    reason = NormalizedCharField(_("reason for superseding"), max_length=500, blank=True)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = NormalizedCharField(_("issued by"), max_length=150, blank=True)

    objects = ProgressListQuerySet.as_manager()
    superseded: bool  # set by with_superseded()

    class Meta:
        verbose_name = _("progress list")
        verbose_name_plural = _("progress lists")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["as_of", "series"],
                condition=models.Q(supersedes=None),
                name="%(app_label)s_%(class)s_one_per_day",
            )
        ]
        permissions = [
            ("issue_progresslist", _("Can issue and supersede progress lists")),
            ("number_progresslist", _("Can enter the number and date of the document")),
        ]

    def __str__(self) -> str:
        return _("List %(number)02d") % {"number": self.number}

    def as_content(self) -> dict[str, Any]:
        return dict(json.loads(self.content))


class ListRegistration(models.Model):
    """The number and date that the records clerk gave the document of a list."""

    progress_list = models.OneToOneField(
        ProgressList, models.PROTECT, related_name="registration", verbose_name=_("progress list")
    )
    number = NormalizedCharField(_("number and symbol"), max_length=100)
    dated = models.DateField(_("date of the document"))
    entered_at = models.DateTimeField(_("entered at"))
    entered_by = NormalizedCharField(_("entered by"), max_length=150)

    class Meta:
        verbose_name = _("number of a document")
        verbose_name_plural = _("numbers of documents")
        ordering = ["-entered_at"]

    def __str__(self) -> str:
        return self.number
