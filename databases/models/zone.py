"""Where may probes go? Zones with the networks and ports that two persons approved."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField


class Zone(Bilingual):
    """A part of the world that endpoints lie in: the internet, a government network, a ward."""

    code = NormalizedCharField(_("code"), max_length=40, unique=True)
    internet = models.BooleanField(
        _("internet"),
        default=False,
        help_text=_("Lets public addresses through on ports 80 and 443 without a listed network."),
    )
    for_tests = models.BooleanField(
        _("for tests"),
        default=False,
        help_text=_(
            "May reach addresses of this machine, as far as its administrator allows it in "
            "PROBE_ALLOWED_NETWORKS. Only for stand-ins."
        ),
    )
    authorities = models.TextField(
        _("certificate authorities"),
        blank=True,
        help_text=_("PEM certificates trusted in this zone; none: those of the operating system."),
    )
    name_servers = NormalizedCharField(
        _("name servers"),
        max_length=200,
        blank=True,
        help_text=_("Addresses, separated by spaces; none: those of the operating system."),
    )

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        ordering = ["code"]


class ZoneNetworkQuerySet(models.QuerySet["ZoneNetwork"]):
    def in_force(self, now: datetime) -> Self:
        """Approved, begun and not ended."""
        begun = self.exclude(approved_by="").filter(valid_from__lte=now)
        return begun.filter(Q(valid_to=None) | Q(valid_to__gt=now))


class ZoneNetwork(models.Model):
    """A network of a zone. One person proposes it and another approves it."""

    zone = models.ForeignKey(Zone, models.CASCADE, related_name="networks", verbose_name=_("zone"))
    network = NormalizedCharField(_("network"), max_length=50, help_text="10.20.0.0/16")
    ports = NormalizedCharField(_("ports"), max_length=200, help_text="443 8000-8100")
    document = NormalizedCharField(
        _("document"), max_length=300, help_text=_("Which document allows probing it.")
    )
    proposed_by = NormalizedCharField(_("proposed by"), max_length=150)
    approved_by = NormalizedCharField(_("approved by"), max_length=150, blank=True)
    valid_from = models.DateTimeField(_("valid from"))
    valid_to = models.DateTimeField(_("valid to"), null=True, blank=True)

    objects = ZoneNetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("approved network")
        verbose_name_plural = _("approved networks")
        ordering = ["zone", "network"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_two_persons",
            )
        ]

    def __str__(self) -> str:
        return f"{self.network} {self.ports}"
