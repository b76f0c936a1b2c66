"""The sectoral databases and the systems on the other side."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField, SearchField


class CounterpartSystem(Bilingual):
    """A system that databases are connected to, such as the National Population Database."""

    code = NormalizedCharField(_("code"), max_length=40, unique=True)
    owner = models.ForeignKey(
        "tracking.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="systems",
        verbose_name=_("owner"),
    )
    search = SearchField(of=("code", "name_vi", "name_en"))

    class Meta:
        verbose_name = _("counterpart system")
        verbose_name_plural = _("counterpart systems")
        ordering = ["code"]


class Database(Bilingual):
    """One of the sectoral databases. Owner, operator and host may be three different bodies."""

    code = NormalizedCharField(_("code"), max_length=40, unique=True)
    owner = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        related_name="databases",
        verbose_name=_("owner department"),
    )
    operator = NormalizedCharField(_("operated by"), max_length=300, blank=True)
    host = NormalizedCharField(_("hosted by"), max_length=300, blank=True)
    security_level = models.PositiveSmallIntegerField(
        _("security level"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5)],
        help_text=_("1 to 5, as approved; empty until it is."),
    )
    placeholder = models.BooleanField(
        _("placeholder"),
        default=False,
        help_text=_("The names of the databases are not published; this row awaits its facts."),
    )
    note = NormalizedCharField(_("note"), max_length=1000, blank=True)
    search = SearchField(of=("code", "name_vi", "name_en", "operator", "host"))

    class Meta:
        verbose_name = _("database")
        verbose_name_plural = _("databases")
        ordering = ["code"]
