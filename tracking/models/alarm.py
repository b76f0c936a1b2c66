"""Is the portal itself at work? Signs of life, and what operators were told when one is missing."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from tracking.rules.instants import in_zone
from tracking.rules.watch import Fault, Trouble, Why, reason_parts

_PROCESSES = {
    "scheduler": _("The scheduler or its worker"),
    "watch": _("The watch"),
    "pump": _("The pump of the probes"),
}
_WAYS = {"mail": _("e-mail"), "webhook": _("webhook")}
_STARTED_AGAIN = {
    "scheduler": _(
        "Start the worker with the scheduler again: until then no report and no reminder leaves."
    ),
    "watch": _("Start “manage.py watch” again: until then only the scheduler watches."),
    "pump": _("Start “manage.py pump” again: until then nothing is probed."),
}


class PulseQuerySet(models.QuerySet["Pulse"]):
    def beat(self, name: str, now: datetime) -> None:
        """Say that it is at work now."""
        self.update_or_create(name=name, defaults={"at": now})

    def claim(self, name: str, now: datetime, lease: timedelta) -> bool:
        """Be the one who does something that one process does at a time; `lease`: for how long
        nobody else may, unless it is released."""
        self.get_or_create(name=name, defaults={"at": now - lease})
        return bool(self.filter(name=name, at__lte=now - lease).update(at=now))

    def release(self, name: str, now: datetime, lease: timedelta) -> None:
        """Give back what was claimed at that instant, unless it is another's by now."""
        self.filter(name=name, at=now).update(at=now - lease)


class Pulse(models.Model):
    """When something of ours last was at work; one row each."""

    name = models.CharField(_("name"), max_length=40, primary_key=True)
    at = models.DateTimeField(_("last at work"))

    objects = PulseQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class AlarmQuerySet(models.QuerySet["Alarm"]):
    def open(self) -> Self:
        return self.filter(ended_at=None).order_by("since", "pk")

    def of(self, faults: Iterable[Fault]) -> list["Alarm"]:
        """What is wrong as alarms, unsaved: the same words before and after they are stored."""
        return [
            self.model(
                kind=fault.kind.value,
                subject=fault.subject,
                reason=fault.reason,
                since=fault.since,
            )
            for fault in faults
        ]


class Alarm(models.Model):
    """Something that operators must know by another way than the one that may have stopped. At
    most one is open for each subject."""

    class Kind(models.TextChoices):
        REPORT_LATE = "report_late", _("a report is not out")
        STOPPED = "stopped", _("a process has stopped")
        UNSENT = "unsent", _("mail does not leave")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    subject = models.CharField(_("about"), max_length=200)
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    since = models.DateTimeField(_("since"))
    opened_at = models.DateTimeField(_("noticed at"))
    ended_at = models.DateTimeField(_("over at"), null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"],
                condition=models.Q(ended_at=None),
                name="tracking_alarm_one_open",
            )
        ]

    def __str__(self) -> str:
        """The whole of it in one sentence, in the reader's language."""
        words = {"subject": self.subject, "at": _moment(self.since)}
        if self.kind == Trouble.REPORT_LATE:
            return gettext("The report “%(subject)s” of %(at)s is not out.") % words
        if self.kind == Trouble.UNSENT:
            return gettext("Mail has not left since %(at)s.") % words
        words["subject"] = str(_PROCESSES.get(self.subject, self.subject))
        return gettext("%(subject)s has not been at work since %(at)s.") % words

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.subject

    @property
    def explained(self) -> str:
        """Why it is so, in the reader's language; empty when nothing more is known."""
        why, count, of, said = reason_parts(self.reason)
        if why is None:
            return ""
        sentence = _sentence(why, of) % {"count": count, "of": of, "said": said}
        if said and why is not Why.NOT_MADE:
            words = {"sentence": sentence, "said": said}
            return gettext("%(sentence)s The server said: %(said)s") % words
        return sentence

    @property
    def advice(self) -> str:
        """What to do about it, in the reader's language."""
        if self.kind == Trouble.STOPPED:
            return str(_STARTED_AGAIN.get(self.subject, ""))
        why, *_rest = reason_parts(self.reason)
        if why in {Why.REFUSED, Why.UNCERTAIN}:
            return gettext("Settle each delivery: send it again, or say what became of it.")
        if why is Why.NOT_MADE:
            return gettext("Correct what hinders the list, or the schedule: it is then made.")
        if why is Why.STANDS_STILL:
            return str(_STARTED_AGAIN["scheduler"])
        return gettext("Look at the mail server, and at the worker that sends.")


class AlarmTelling(models.Model):
    """That an alarm was told, by which way, and whether that way took it; append-only."""

    alarm = models.ForeignKey(
        Alarm, models.PROTECT, related_name="tellings", verbose_name=_("alarm")
    )
    way = models.CharField(_("by"), max_length=20)
    over = models.BooleanField(_("that it is over"), default=False)
    at = models.DateTimeField(_("at"))
    taken = models.BooleanField(_("taken"))
    said = models.CharField(_("said"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("telling of an alarm")
        verbose_name_plural = _("tellings of alarms")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.way

    @property
    def way_name(self) -> str:
        return str(_WAYS.get(self.way, self.way))


def _moment(instant: datetime) -> str:
    return date_format(in_zone(instant), "SHORT_DATETIME_FORMAT")


def _sentence(why: Why, of: int) -> str:
    match why:
        case Why.NOT_MADE:
            return gettext("The list was not issued. %(said)s")
        case Why.STANDS_STILL:
            return gettext("Nothing hinders it: whoever is to make it stands still.")
        case Why.PUT_OFF:
            return ngettext(
                "The mail server put off %(count)d of %(of)d message.",
                "The mail server put off %(count)d of %(of)d messages.",
                of,
            )
        case Why.UNTRIED:
            return ngettext(
                "Nobody has tried to send %(count)d of %(of)d message.",
                "Nobody has tried to send %(count)d of %(of)d messages.",
                of,
            )
        case Why.REFUSED:
            return ngettext(
                "The mail server refused %(count)d of %(of)d message for good.",
                "The mail server refused %(count)d of %(of)d messages for good.",
                of,
            )
        case Why.UNCERTAIN:
            return ngettext(
                "Whether %(count)d of %(of)d message arrived is uncertain.",
                "Whether %(count)d of %(of)d messages arrived is uncertain.",
                of,
            )
