"""Names in both languages; the Vietnamese one is the authentic one."""

from django.db import models
from django.utils.translation import get_language, gettext_lazy as _

from tracking.models.fields import NormalizedCharField


def reader_language() -> str:
    """The reader's: "vi" or "en"."""
    return "en" if (get_language() or "vi").startswith("en") else "vi"


class Bilingual(models.Model):
    """Adds name_vi and name_en; an absent English name reads as the Vietnamese one."""

    name_vi = NormalizedCharField(_("name in Vietnamese"), max_length=500)
    name_en = NormalizedCharField(_("name in English"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language."""
        return self.names[reader_language()]

    @property
    def names(self) -> dict[str, str]:
        return {"vi": self.name_vi, "en": self.name_en or self.name_vi}
