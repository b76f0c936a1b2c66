"""Official letters: drafted from the ledger, signed by people, numbered by the records clerk."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tracking.models.fields import NormalizedCharField
from tracking.rules.letters import may_follow
from tracking.rules.vietnamese import folded


class LetterKind(models.TextChoices):
    TO_DEPARTMENT = "to_department", _("letter to a department")
    ADVICE = "advice", _("advice to the leaders on work with another ministry")
    COVER_REPORT = "cover_report", _("cover report to the minister")
    INVITATION = "invitation", _("invitation to a meeting")
    CONCLUSIONS = "conclusions", _("notice of conclusions")


class LetterTemplate(models.Model):
    """The words of a kind of letter, in Vietnamese, with named fields in braces; checked when it
    is saved. A letter keeps the words that it was drafted with."""

    kind = models.CharField(_("kind"), max_length=20, choices=LetterKind.choices, unique=True)
    subject = NormalizedCharField(_("subject"), max_length=500)
    addressee = NormalizedCharField(_("addressed to"), max_length=300, blank=True)
    body = models.TextField(_("text"))
    recipients = models.TextField(_("recipients, one a line"), blank=True)
    position = NormalizedCharField(_("position of the signer"), max_length=200)

    class Meta:
        verbose_name = _("template of letters")
        verbose_name_plural = _("templates of letters")
        ordering = ["kind"]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class LetterQuerySet(models.QuerySet["Letter"]):
    def unanswered(self) -> Self:
        """Those issued with an answer asked for that has not come."""
        return self.filter(state=Letter.State.ISSUED, answer_due_on__isnull=False)

    def overdue_answers(self, today: date) -> Self:
        return self.unanswered().filter(answer_due_on__lt=today)

    def registered(self) -> Self:
        """As a register shows them: without what each says, with what it is about."""
        return self.select_related("department", "partner", "progress_list", "meeting").defer(
            "content", "progress_list__content"
        )

    def saying(self, words: Iterable[str]) -> Self:
        """Those whose subject, number, department or partner has every one of the folded words; a
        register is small enough to be read through."""
        columns = ("pk", "subject", "number", "department__search", "partner__search")
        wanted = list(words)
        found = [
            pk
            for pk, *texts in self.order_by().values_list(*columns)
            if all(word in folded(" ".join(filter(None, texts))) for word in wanted)
        ]
        return self.filter(pk__in=found)


class Letter(models.Model):
    """A letter in the register. `content` is what it says, frozen when it is drafted: every format
    is a rendering of it. The state is read off its entries. Never signed by the portal."""

    class State(models.TextChoices):
        DRAFTED = "drafted", _("drafted")
        FOR_SIGNATURE = "for_signature", _("for signature")
        ISSUED = "issued", _("issued")
        ANSWERED = "answered", pgettext_lazy("letter", "answered")
        WITHDRAWN = "withdrawn", _("withdrawn")

    kind = models.CharField(_("kind"), max_length=20, choices=LetterKind.choices)
    subject = NormalizedCharField(_("subject"), max_length=500)
    content = models.JSONField(_("content"))
    progress_list = models.ForeignKey(
        "tracking.ProgressList",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("progress list"),
    )
    department = models.ForeignKey(
        "tracking.Department",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("department"),
    )
    partner = models.ForeignKey(
        "tracking.Partner",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("partner"),
    )
    meeting = models.ForeignKey(
        "tracking.Meeting",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("meeting"),
    )
    tasks = models.ManyToManyField(
        "tracking.Task", blank=True, related_name="letters", verbose_name=_("tasks")
    )
    drafted_at = models.DateTimeField(_("drafted at"))
    drafted_by = NormalizedCharField(_("drafted by"), max_length=150)
    answer_due_on = models.DateField(_("answer asked for by"), null=True, blank=True)
    state = models.CharField(
        _("state"), max_length=15, choices=State.choices, default=State.DRAFTED
    )
    number = NormalizedCharField(_("number and symbol"), max_length=100, blank=True)
    dated = models.DateField(_("date of the document"), null=True, blank=True)
    scan = models.FileField(_("signed scan"), upload_to="letters/%Y/%m", max_length=300, blank=True)
    scan_sha256 = models.CharField(_("SHA-256 of the scan"), max_length=64, blank=True)
    answered_on = models.DateField(_("answered on"), null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-drafted_at", "-pk"]
        permissions = [("issue_letter", _("Can enter number, date and signed scan of letters"))]

    def __str__(self) -> str:
        return self.subject

    def may_become(self, state: str) -> bool:
        return may_follow(self.state, state)

    def state_of_entries(self) -> str:
        """What `state` is the projection of; one query."""
        newest = self.entries.order_by("-at", "-pk").first()
        return newest.state if newest else ""

    def answer_days_late(self, today: date) -> int:
        """Days since the answer was due; 0 while it is not late, and once it has come."""
        if self.state != self.State.ISSUED or self.answer_due_on is None:
            return 0
        return max((today - self.answer_due_on).days, 0)

    @property
    def printed_as_draft(self) -> bool:
        """What goes for signature carries no stamp of a draft."""
        return self.state in (self.State.DRAFTED, self.State.WITHDRAWN)


class LetterEntry(models.Model):
    """A step of a letter; append-only."""

    letter = models.ForeignKey(
        Letter, models.PROTECT, related_name="entries", verbose_name=_("letter")
    )
    state = models.CharField(_("state"), max_length=15, choices=Letter.State.choices)
    at = models.DateTimeField(_("at"))
    by = NormalizedCharField(_("entered by"), max_length=150)
    text = NormalizedCharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("entry of a letter")
        verbose_name_plural = _("entries of letters")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return str(self.get_state_display())
