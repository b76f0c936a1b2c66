"""What leaves the portal: messages as they were written, and what became of each for each
recipient. A message is frozen; a delivery says no more than is known."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tracking.models.fields import NormalizedCharField


class Message(models.Model):
    """One text for one or many recipients, with its files; append-only. `key` names the occasion,
    so that a job that runs twice writes it once."""

    class Kind(models.TextChoices):
        REPORT = "report", _("scheduled report")
        DIGEST = "digest", _("reminders")
        ALARM = "alarm", _("alarm")

    key = models.CharField(_("occasion"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    language = models.CharField(_("language"), max_length=5)
    sender = NormalizedCharField(_("from"), max_length=320)
    subject = NormalizedCharField(_("subject"), max_length=500)
    text = models.TextField(_("plain text"))
    html = models.TextField(_("HTML"))
    written_at = models.DateTimeField(_("written at"))
    progress_list = models.ForeignKey(
        "tracking.ProgressList",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="messages",
        verbose_name=_("progress list"),
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-written_at", "-pk"]

    def __str__(self) -> str:
        return self.subject


class MessageFile(models.Model):
    """A file sent with a message, byte for byte; append-only."""

    message = models.ForeignKey(
        Message, models.PROTECT, related_name="files", verbose_name=_("message")
    )
    name = NormalizedCharField(_("name"), max_length=200)
    content_type = models.CharField(_("content type"), max_length=120)
    content = models.BinaryField(_("content"))
    sha256 = models.CharField("SHA-256", max_length=64)

    class Meta:
        verbose_name = _("file of a message")
        verbose_name_plural = _("files of messages")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, now: datetime) -> Self:
        """Those to be tried now, the longest waiting first."""
        queued = self.filter(state=Delivery.State.QUEUED, next_try_at__lte=now)
        return queued.order_by("next_try_at", "pk")

    def left_behind(self, now: datetime) -> Self:
        """Those whose sender has not been heard of for longer than its lease."""
        return self.filter(state=Delivery.State.SENDING, lease_until__lte=now)

    def unsettled(self) -> Self:
        """Those that a person must look at."""
        return self.filter(state__in=[Delivery.State.UNCERTAIN, Delivery.State.FAILED])


class Delivery(models.Model):
    """A message for one recipient by one channel. `mail_id`, its Message-ID, stays the same at
    every try. `handed_at`: since when the server may have it, so that silence from then on is
    uncertain."""

    class State(models.TextChoices):
        QUEUED = "queued", _("queued")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        UNCERTAIN = "uncertain", _("uncertain")
        FAILED = "failed", _("failed")

    class Channel(models.TextChoices):
        MAIL = "mail", _("e-mail")

    message = models.ForeignKey(
        Message, models.PROTECT, related_name="deliveries", verbose_name=_("message")
    )
    channel = models.CharField(
        _("channel"), max_length=10, choices=Channel.choices, default=Channel.MAIL
    )
    address = NormalizedCharField(_("address"), max_length=320)
    name = NormalizedCharField(_("recipient"), max_length=200, blank=True)
    person = models.ForeignKey(
        "tracking.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="deliveries",
        verbose_name=_("person"),
    )
    mail_id = models.CharField("Message-ID", max_length=200, unique=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    next_try_at = models.DateTimeField(_("next try at"))
    lease_until = models.DateTimeField(_("lease until"), null=True, blank=True)
    token = models.CharField(_("token"), max_length=32, blank=True)
    handed_at = models.DateTimeField(_("handed over at"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    answer = models.CharField(_("last answer"), max_length=500, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-message__written_at", "-message", "address"]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel", "address"], name="tracking_delivery_once"
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent"),
                name="tracking_delivery_sent_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"], condition=Q(state="queued"), name="tracking_delivery_due"
            ),
            models.Index(
                fields=["lease_until"], condition=Q(state="sending"), name="tracking_delivery_held"
            ),
        ]
        permissions = [("resend_delivery", _("Can resend and settle deliveries"))]

    def __str__(self) -> str:
        return self.address


class DeliveryEntryQuerySet(models.QuerySet["DeliveryEntry"]):
    def of_senders(self) -> Self:
        """What was written because the server was asked, not because a person decided."""
        kinds = DeliveryEntry.Kind
        return self.filter(kind__in=[kinds.SENT, kinds.PUT_OFF, kinds.FAILED, kinds.UNCERTAIN])


class DeliveryEntry(models.Model):
    """What happened to a delivery: the ledger of who was sent what; append-only."""

    class Kind(models.TextChoices):
        SENT = "sent", _("taken by the server")
        PUT_OFF = "put_off", _("put off")
        FAILED = "failed", _("refused for good")
        UNCERTAIN = "uncertain", _("no answer to the message")
        RESEND = "resend", _("sent again by a person")
        ARRIVED = "arrived", _("a person says it arrived")
        GIVEN_UP = "given_up", _("given up by a person")

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="entries", verbose_name=_("delivery")
    )
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    at = models.DateTimeField(_("at"))
    said = models.CharField(_("said"), max_length=500, blank=True)
    by = NormalizedCharField(_("by"), max_length=150, blank=True)

    objects = DeliveryEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of a delivery")
        verbose_name_plural = _("entries of deliveries")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.get_kind_display()
