"""Where what people declare and what the probes see do not agree."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from databases.models.connection import Connection
from databases.rules import contradictions as rules
from databases.rules.contradictions import Rule
from tracking.models.fields import NormalizedCharField

RULE_NAMES = {
    Rule.CONNECTED_BUT_DOWN: _("connected, but down"),
    Rule.CONNECTED_UNPROBED: _("connected, but nothing probes it"),
    Rule.WORKS_UNDECLARED: _("works, but nobody declared it"),
    Rule.ANSWERS_BUT_STALE: _("answers, but its data is stale"),
    Rule.SUSPENDED_BUT_ANSWERS: _("suspended, but still answers"),
    Rule.EVIDENCE_FAILS: _("submitted on the evidence of probes, which now fail"),
}


class ContradictionQuerySet(models.QuerySet["Contradiction"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def standing_at(self, instant: datetime) -> Self:
        """Open at that instant."""
        begun = self.filter(opened_at__lte=instant)
        return begun.filter(Q(closed_at=None) | Q(closed_at__gt=instant))

    def with_facts(self, at: datetime | None = None) -> Self:
        """Each with its connection, database and counterpart, and as its course says, as far as it
        had come by `at`: `party` (who has to act, see who_acts), `endpoint_codes`, `waived_until`.
        One query."""
        course = ContradictionEntry.objects.filter(contradiction=OuterRef("pk")).order_by("-pk")
        if at is not None:
            course = course.filter(at__lte=at)
        waived = course.filter(event=ContradictionEntry.WAIVED)
        judged = course.filter(event__in=[ContradictionEntry.OPENED, ContradictionEntry.CHANGED])
        return self.select_related(
            "connection__database__owner", "connection__counterpart__owner"
        ).annotate(
            party=Subquery(judged.values("party")[:1]),
            endpoint_codes=Subquery(judged.values("endpoints")[:1]),
            waived_until=Subquery(waived.values("until")[:1]),
        )


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

    objects = ContradictionQuerySet.as_manager()

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


class ContradictionEntryQuerySet(models.QuerySet["ContradictionEntry"]):
    def of_open(self, at: datetime | None = None) -> Self:
        """The courses of those that are open, or were at that instant as far as it goes."""
        if at is None:
            return self.filter(contradiction__closed_at=None)
        known = self.filter(at__lte=at)
        closed = ContradictionEntry.objects.filter(event=ContradictionEntry.CLOSED, at__lte=at)
        return known.exclude(contradiction__in=closed.values("contradiction"))

    def told(self) -> list[rules.Contradiction]:
        """The contradictions as these entries tell them; one query."""
        return rules.told(_entry(*row) for row in self.values_list(*_COLUMNS))


_COLUMNS = (
    "pk",
    "contradiction_id",
    "contradiction__rule",
    "contradiction__connection__code",
    "contradiction__since",
    "at",
    "event",
    "party",
    "endpoints",
    "until",
    "reason",
)


def _entry(
    number: int,
    key: int,
    rule: str,
    connection: str,
    since: datetime,
    at: datetime,
    event: str,
    party: str,
    endpoints: Sequence[str],
    until: datetime | None,
    reason: str,
) -> rules.Entry:
    return rules.Entry(
        number=number,
        key=key,
        rule=Rule(rule),
        connection=connection,
        since=since,
        at=at,
        event=rules.Event(event),
        party=rules.Party(party) if party else None,
        endpoints=tuple(endpoints),
        until=until,
        reason=reason,
    )


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

    objects = ContradictionEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a contradiction")
        verbose_name_plural = _("entries of a contradiction")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.event} {self.at}"
