"""What those concerned answer: a department to its mark, the other side to a declared wait."""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField


class RemarkQuerySet(models.QuerySet["Remark"]):
    def visible(self, *, at: datetime, known_at: datetime) -> Self:
        """Those given by T and known at K, in the order in which they were given."""
        return self.filter(recorded_at__lte=min(at, known_at)).order_by("recorded_at", "pk")


class Remark(models.Model):
    """The right of reply: what a department says to the tasks it is marked for. Printed in the
    list for as long as one of them is a reason; append-only."""

    department = models.ForeignKey(
        "tracking.Department", models.PROTECT, related_name="remarks", verbose_name=_("department")
    )
    tasks = models.JSONField(_("codes of the tasks answered"), default=list)
    text = NormalizedCharField(_("remark"), max_length=1000)
    recorded_at = models.DateTimeField(_("recorded"))
    actor = NormalizedCharField(_("entered by"), max_length=150)
    in_place_of = NormalizedCharField(_("in place of"), max_length=150, blank=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        verbose_name = _("remark")
        verbose_name_plural = _("remarks")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return self.text


class WaitAnswerQuerySet(models.QuerySet["WaitAnswer"]):
    def visible(self, *, at: datetime, known_at: datetime) -> Self:
        """Those given by T and known at K, the newest last: it is the one that holds."""
        return self.filter(recorded_at__lte=min(at, known_at)).order_by("recorded_at", "pk")


class WaitAnswer(models.Model):
    """The body that a task is said to wait for confirms or disputes it; append-only."""

    class Answer(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        DISPUTED = "disputed", _("disputed")

    event = models.ForeignKey(
        "tracking.Event",
        models.PROTECT,
        related_name="wait_answers",
        verbose_name=_("declared wait"),
    )
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)
    text = NormalizedCharField(_("reason"), max_length=1000, blank=True)
    recorded_at = models.DateTimeField(_("recorded"))
    actor = NormalizedCharField(_("entered by"), max_length=150)
    in_place_of = NormalizedCharField(_("in place of"), max_length=150, blank=True)

    objects = WaitAnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a wait")
        verbose_name_plural = _("answers to waits")
        ordering = ["-recorded_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.event_id} {self.get_answer_display()}"
