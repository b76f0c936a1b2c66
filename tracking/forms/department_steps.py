"""The forms of what the lead department records on its own task."""

from collections.abc import Iterable, Iterator
from datetime import date

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from tracking.forms.deadlines import WITHIN_REASON, FixedDateForm
from tracking.forms.moments import DayInput
from tracking.forms.steps import StepForm, reason_field
from tracking.models import Department, Partner

_ACCEPTED = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.txt,.csv"


class ProgressForm(StepForm):
    percent = forms.IntegerField(
        label=gettext_lazy("Percent done"), required=False, min_value=0, max_value=100
    )
    note = reason_field(gettext_lazy("What was done, what remains"))
    in_payload = ("percent", "note")


class SubmitForm(StepForm):
    note = reason_field(gettext_lazy("What is handed in"))
    product = forms.CharField(
        label=gettext_lazy("Product"),
        required=False,
        max_length=500,
        help_text=gettext_lazy(
            "Number of the document or address of the system, when no evidence file is recorded."
        ),
    )
    in_payload = ("note", "product")

    def prepare(self) -> None:
        if not self.situation.evidence:
            self.fields["product"].help_text = _(
                "Number of the document or address of the system. Needed, because no evidence is "
                "recorded for this task yet."
            )


class RequestForm(FixedDateForm, StepForm):
    due_on = forms.DateField(
        label=gettext_lazy("Extension to"), widget=DayInput, validators=WITHIN_REASON
    )
    reason = reason_field()
    in_payload = ("due_on", "reason")

    def prepare(self) -> None:
        for of_an_order in ("reading", "wording"):
            del self.fields[of_an_order]
        self.fields["due_on"].required = self.situation.deadline is not None
        self.fields["due_on"].help_text = " ".join(self._told())
        self.order_fields(("due_on", "keep_day_off", "reason"))

    def clean_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["due_on"]
        held = self.situation.deadline
        if day and held and day <= held.last_day:
            raise forms.ValidationError(
                _("The deadline lasts until %(day)s already: ask for a day after it.")
                % {"day": date_format(held.last_day, "d/m/Y")}
            )
        return day

    def _told(self) -> Iterator[str]:
        """What the person should know of the deadline and of an earlier request."""
        if self.situation.deadline:
            day = date_format(self.situation.deadline.last_day, "d/m/Y")
            yield _("A day after %(day)s, the last day in time as it stands.") % {"day": day}
        else:
            yield _("May stay empty: the task has no date yet.")
        asked = self.situation.request
        if asked:
            yield _("The request made on %(on)s is not answered yet: this one takes its place.") % {
                "on": date_format(date.fromisoformat(asked["on"]), "d/m/Y")
            }


class BlockForm(StepForm):
    reason = reason_field(gettext_lazy("What is waited for"))
    in_payload = ("on", "reason")

    def prepare(self) -> None:
        held = {block.on for block in self.situation.blocks} | {self.situation.lead}
        departments = Department.objects.active(self.as_of).exclude(code__in=held)
        choices = [
            ("", "---------"),
            (_("Partners"), _named(Partner.objects.exclude(code__in=held))),
            (_("Departments"), _named(departments)),
        ]
        self.fields["on"] = forms.ChoiceField(label=_("Waits for"), choices=choices)
        self.order_fields(("on", "reason"))


class UnblockForm(StepForm):
    in_payload = ("on",)

    def prepare(self) -> None:
        held = [block.on for block in self.situation.blocks]
        rows = [*Partner.objects.filter(code__in=held), *Department.objects.filter(code__in=held)]
        self.fields["on"] = forms.ChoiceField(label=_("No longer waits for"), choices=_named(rows))
        self.order_fields(("on",))


class EvidenceForm(StepForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        help_text=gettext_lazy("PDF, PNG, JPEG, DOCX, XLSX, TXT or CSV."),
        widget=forms.FileInput({"accept": _ACCEPTED}),
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Takes effect on"), required=False, widget=DayInput
    )
    expires_on = forms.DateField(label=gettext_lazy("Expires on"), required=False, widget=DayInput)


def _named(rows: Iterable[Partner | Department]) -> list[tuple[str, str]]:
    return [(row.code, row.name) for row in rows]
