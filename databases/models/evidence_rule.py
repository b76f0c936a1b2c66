"""When do probes prove that a task is done? A rule, what it proposes, and what people decide."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from databases.models.connection import Connection
from tracking.models.fields import NormalizedCharField


class EvidenceRule(models.Model):
    """So many consecutive successes of every endpoint of a connection, over at least so many hours,
    propose that a task be submitted. Nothing is ever submitted, completed or reopened by it."""

    connection = models.ForeignKey(
        Connection, models.PROTECT, related_name="evidence_rules", verbose_name=_("connection")
    )
    task = models.ForeignKey(
        "tracking.Task", models.PROTECT, related_name="+", verbose_name=_("task")
    )
    successes = models.PositiveIntegerField(
        _("consecutive successes"),
        default=100,
        validators=[MinValueValidator(2), MaxValueValidator(100_000)],
    )
    hours = models.PositiveIntegerField(
        _("over at least (hours)"),
        default=72,
        validators=[MinValueValidator(1), MaxValueValidator(24 * 90)],
    )
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("evidence by probes")
        verbose_name_plural = _("evidence by probes")
        ordering = ["connection"]
        constraints = [
            models.UniqueConstraint(
                fields=["connection", "task"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.connection} {self.task}"


class EvidenceProposal(models.Model):
    """What the probes saw, frozen as canonical JSON with its hash; append-only."""

    rule = models.ForeignKey(
        EvidenceRule, models.PROTECT, related_name="proposals", verbose_name=_("rule")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    bundle = models.TextField(_("evidence"))
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("proposal to submit")
        verbose_name_plural = _("proposals to submit")
        ordering = ["-proposed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.rule} {self.proposed_at:%d/%m/%Y}"


class EvidenceDecision(models.Model):
    """A person took a proposal, which submits the task, or declined it; append-only."""

    proposal = models.OneToOneField(
        EvidenceProposal, models.PROTECT, related_name="decision", verbose_name=_("proposal")
    )
    taken = models.BooleanField(_("taken"))
    decided_at = models.DateTimeField(_("decided"))
    decided_by = NormalizedCharField(_("decided by"), max_length=150)
    note = NormalizedCharField(_("note"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("decision on a proposal")
        verbose_name_plural = _("decisions on proposals")
        ordering = ["-decided_at"]

    def __str__(self) -> str:
        return f"{self.proposal} {self.taken}"
