"""What has to be done now and then, by whichever process comes first."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Upkeep(models.Model):
    """When a chore is due again. Who moves `due_at` on has it; the others go on."""

    name = models.CharField(_("chore"), max_length=40, primary_key=True)
    due_at = models.DateTimeField(_("due"))
    done_at = models.DateTimeField(_("done"), null=True)

    class Meta:
        verbose_name = _("chore")
        verbose_name_plural = _("chores")

    def __str__(self) -> str:
        return self.name


class PumpSign(models.Model):
    """A sign of life of a pump, so that it is noticed when none is at work."""

    name = models.CharField(_("pump"), max_length=120, primary_key=True)
    started_at = models.DateTimeField(_("started"))
    seen_at = models.DateTimeField(_("seen"))
    finished = models.BigIntegerField(_("attempts written"), default=0)
    fenced = models.BigIntegerField(_("attempts that came too late"), default=0)
    missed = models.BigIntegerField(_("missed slots"), default=0)
    lag = models.PositiveIntegerField(_("own delay"), default=0)  # ms

    class Meta:
        verbose_name = _("pump")
        verbose_name_plural = _("pumps")

    def __str__(self) -> str:
        return self.name
