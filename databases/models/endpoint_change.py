"""Who changed what is probed, and when?"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from databases.models.endpoint import Endpoint
from tracking.models.fields import NormalizedCharField


class EndpointChange(models.Model):
    """`changes`: field → [before, after], codes and values as people write them; nothing for an
    endpoint that was added. Append-only."""

    endpoint = models.ForeignKey(
        Endpoint, models.PROTECT, related_name="changes", verbose_name=_("endpoint")
    )
    at = models.DateTimeField(_("at"))
    by = NormalizedCharField(_("by"), max_length=150, blank=True)
    version = models.PositiveIntegerField(_("version"))
    changes = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("change of an endpoint")
        verbose_name_plural = _("changes of endpoints")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.endpoint} v{self.version}"
