"""What the other side reported to us."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from databases.models.endpoint import Endpoint


class HeartbeatReport(models.Model):
    """A signed report that was accepted. Numbers only grow; one number counts once."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="reports")
    number = models.BigIntegerField(_("sequence number"))
    received_at = models.DateTimeField(_("received"))
    watermark = models.DateTimeField(_("newest data"), null=True)

    class Meta:
        verbose_name = _("report of a heartbeat")
        verbose_name_plural = _("reports of heartbeats")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "number"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.number}"
