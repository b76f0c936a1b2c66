"""Plans and the documents that assign tasks."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField, SearchField


class Plan(Bilingual):
    """A mandate that tasks come from: Plan 02, Project 06 are rows, never constants."""

    code = NormalizedCharField(_("code"), max_length=60, unique=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    search = SearchField(of=("code", "name_vi", "name_en"))

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["code"]


class Document(Bilingual):
    """A decision, letter or conclusion that assigns tasks or moves deadlines."""

    number = NormalizedCharField(_("number and symbol"), max_length=100, unique=True)
    kind = NormalizedCharField(_("kind"), max_length=60, blank=True)
    issued_on = models.DateField(_("issued on"), null=True, blank=True)
    issuer = NormalizedCharField(_("issued by"), max_length=200, blank=True)
    search = SearchField(of=("number", "name_vi", "name_en", "issuer"))

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["-issued_on", "number"]

    def __str__(self) -> str:
        return self.number
