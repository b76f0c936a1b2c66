"""The working calendar as data, and every version that was in use."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField
from tracking.rules.calendar import WorkingCalendar


class CalendarDayQuerySet(models.QuerySet["CalendarDay"]):
    def calendar(self) -> WorkingCalendar:
        """The calendar as the rules read it; one query."""
        return WorkingCalendar(dict(self.values_list("day", "working")))


class CalendarDay(models.Model):
    """A day that differs from Monday-to-Friday, or is stated for certainty."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("public holiday")
        IN_LIEU = "in_lieu", _("day in lieu")
        SWAPPED_OFF = "swapped_off", _("swapped: off")
        SWAPPED_WORKING = "swapped_working", _("swapped: worked")
        OTHER = "other", _("other")

    day = models.DateField(_("day"), unique=True)
    working = models.BooleanField(_("working day"), default=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    reason = NormalizedCharField(_("reason"), max_length=300, blank=True)
    reference = NormalizedCharField(_("legal reference"), max_length=200, blank=True)

    objects = CalendarDayQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of the working calendar")
        verbose_name_plural = _("working calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return self.day.strftime("%d/%m/%Y")


class CalendarVersion(models.Model):
    """A state of the calendar that was in use; stored results name it by its version."""

    version = models.CharField(_("version"), max_length=16, unique=True)
    days = models.JSONField(_("days"))
    recorded_at = models.DateTimeField(_("recorded at"))
    actor = NormalizedCharField(_("actor"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("version of the calendar")
        verbose_name_plural = _("versions of the calendar")
        ordering = ["-recorded_at"]

    def __str__(self) -> str:
        return self.version
