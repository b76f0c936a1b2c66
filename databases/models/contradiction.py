"""Where what people declare and what the probes see do not agree."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from databases.models.connection import Connection
from databases.rules.contradictions import Rule
from tracking.models.fields import NormalizedCharField

RULE_NAMES = {
    Rule.CONNECTED_BUT_DOWN: _("connected, but down"),
    Rule.CONNECTED_UNPROBED: _("connected, but nothing probes it"),
    Rule.WORKS_UNDECLARED: _("works, but nobody declared it"),
    Rule.ANSWERS_BUT_STALE: _("answers, but its data is stale"),
    Rule.SUSPENDED_BUT_ANSWERS: _("suspended, but still answers"),
}


class Contradiction(models.Model):
    """Opened and closed by rule alone; at most one is open a rule and connection."""

    connection = models.ForeignKey(
        Connection,
        models.PROTECT,
        related_name="contradictions",
        verbose_name=_("connection"),
    )
    rule = models.CharField(_("contradiction"), max_length=30)
    since = models.DateTimeField(_("since"))
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("contradiction")
        verbose_name_plural = _("contradictions")
        ordering = ["-opened_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "rule"],
                condition=Q(closed_at=None),
                name="%(app_label)s_%(class)s_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.rule}"


class ContradictionEntry(models.Model):
    """What was said of a contradiction, and when; append-only. Lists are reproduced from it."""

    OPENED, CHANGED, CLOSED, WAIVED = "opened", "changed", "closed", "waived"
    EVENTS = [
        (OPENED, _("opened")),
        (CHANGED, _("changed")),
        (CLOSED, _("closed")),
        (WAIVED, _("accepted for a while")),
    ]

    contradiction = models.ForeignKey(Contradiction, models.PROTECT, related_name="course")
    at = models.DateTimeField(_("at"))
    event = models.CharField(_("what"), max_length=10, choices=EVENTS)
    party = models.CharField(_("who has to act"), max_length=12, blank=True)
    endpoints = models.JSONField(default=list)
    until = models.DateTimeField(_("until"), null=True)
    by = NormalizedCharField(_("by"), max_length=150, blank=True)
    reason = NormalizedCharField(_("reason"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("entry of a contradiction")
        verbose_name_plural = _("entries of a contradiction")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"
