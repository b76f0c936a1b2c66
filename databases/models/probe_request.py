"""Who asked for a probe out of turn?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from databases.models.endpoint import Endpoint
from tracking.models.fields import NormalizedCharField


class ProbeRequest(models.Model):
    """A press of "probe now"; kept, since a probe of somebody else's server is an act of ours."""

    endpoint = models.ForeignKey(
        Endpoint, models.CASCADE, related_name="requests", verbose_name=_("endpoint")
    )
    at = models.DateTimeField(_("at"))
    by = NormalizedCharField(_("by"), max_length=150)

    class Meta:
        verbose_name = _("requested probe")
        verbose_name_plural = _("requested probes")
        ordering = ["-at"]
        indexes = [models.Index(fields=["by", "at"])]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.by}"
