"""What is probed, how, how often, and what is remembered of it between two attempts."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from databases.rules.track import Result, State
from tracking.models.bilingual import Bilingual
from tracking.models.fields import NormalizedCharField, SearchField

STATE_NAMES = {
    State.UNKNOWN: _("unknown"),
    State.UP: _("up"),
    State.DEGRADED: _("degraded"),
    State.SUSPECT: _("suspect"),
    State.DOWN: _("down"),
    State.RECOVERING: _("recovering"),
}
RESULT_NAMES = {
    Result.OK: _("ok"),
    Result.WARN: _("warning"),
    Result.FAIL: _("failure"),
    Result.BLIND: _("blind"),
    Result.CONFIG: _("configuration"),
}


class Endpoint(Bilingual):
    """One probe of an interface, or a sentinel of a zone. Every change counts `version` up."""

    code = NormalizedCharField(_("code"), max_length=60, unique=True)
    interface = models.ForeignKey(
        "databases.Interface",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("interface"),
    )
    zone = models.ForeignKey(
        "databases.Zone", models.PROTECT, related_name="endpoints", verbose_name=_("zone")
    )
    kind = models.CharField(_("kind of probe"), max_length=20)
    spec = models.JSONField(_("what is asked and expected"), default=dict)
    interval = models.PositiveIntegerField(
        _("interval"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(86_400)],
        help_text=_("Seconds from slot to slot."),
    )
    timeout = models.PositiveIntegerField(
        _("time-out"),
        default=10_000,
        validators=[MinValueValidator(100), MaxValueValidator(60_000)],
        help_text=_("Milliseconds."),
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("depends on"),
    )
    credential = models.ForeignKey(
        "databases.Credential",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("credential"),
    )
    sentinel_of = NormalizedCharField(
        _("sentinel, owned by"),
        max_length=100,
        blank=True,
        help_text=_("Not part of a database: it shows whether we ourselves can see its zone."),
    )
    paused = models.BooleanField(_("paused"), default=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    search = SearchField(of=("code", "name_vi", "name_en"))

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(interface=None) ^ Q(sentinel_of=""),
                name="%(app_label)s_%(class)s_interface_or_sentinel",
            )
        ]


class EndpointState(models.Model):
    """The one hot row of an endpoint. No index on what changes, so that PostgreSQL updates it in
    place; `track` is databases.rules.track.Track as JSON."""

    endpoint = models.OneToOneField(Endpoint, models.CASCADE, primary_key=True, related_name="seen")
    version = models.PositiveIntegerField(default=1)
    next_due_at = models.DateTimeField(_("next due"))
    lease_until = models.DateTimeField(null=True)
    lease_token = models.BigIntegerField(default=0)
    missed = models.BigIntegerField(_("missed slots"), default=0)
    state = models.CharField(_("state"), max_length=12, default=State.UNKNOWN.value)
    since = models.DateTimeField(_("since"))
    track = models.TextField()
    last_slot_at = models.DateTimeField(_("last slot"), null=True)
    last_at = models.DateTimeField(_("last attempt"), null=True)
    last_ok_at = models.DateTimeField(_("last answer"), null=True)
    last_result = models.CharField(_("last result"), max_length=8, blank=True)
    last_reason = models.CharField(_("reason"), max_length=60, blank=True)
    last_total = models.PositiveIntegerField(_("took"), null=True)  # µs
    last_age = models.PositiveIntegerField(_("age of its data"), null=True)  # s

    class Meta:
        verbose_name = _("state of an endpoint")
        verbose_name_plural = _("states of endpoints")

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.state}"

    @property
    def state_name(self) -> Any:
        return STATE_NAMES[State(self.state)]
