"""One small form per step that people record on a task."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from tracking.forms.deadlines import DeadlineForm, FixedDateForm
from tracking.forms.moments import moment_field
from tracking.models import Department, Document
from tracking.rules.events import Kind
from tracking.rules.situation import Situation

REASON = gettext_lazy("Reason")


def reason_field(label: Any = REASON, *, required: bool = True) -> forms.CharField:
    widget = forms.Textarea({"rows": 3})
    return forms.CharField(label=label, max_length=2000, widget=widget, required=required)


def _document() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        Document.objects.all(),
        to_field_name="number",
        required=False,
        label=gettext_lazy("Document"),
        help_text=gettext_lazy("The document that says so, if there is one."),
    )


class StepForm(forms.Form):
    """What every entry states; subclasses name the fields that go into its payload."""

    in_payload: tuple[str, ...] = ()
    required_css_class = "required"
    overtaken = False  # something else was recorded since the person looked

    def __init__(self, *args: Any, situation: Situation, as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.situation = situation
        self.as_of = as_of
        self.fields["effective_at"] = moment_field(gettext_lazy("Effective"))
        self.prepare()

    def prepare(self) -> None:
        """Choices that depend on the situation."""

    def payload(self) -> dict[str, Any]:
        """What the ledger keeps; fields left empty are left out."""
        given = {name: _plain(self.cleaned_data[name]) for name in self.in_payload}
        return {name: value for name, value in given.items() if value not in (None, "")}


class DecisionForm(StepForm):
    """A decision of the authority, perhaps entered for another department."""

    def prepare(self) -> None:
        offices = Department.objects.active(self.as_of).exclude(code=self.situation.lead)
        self.fields["on_behalf_of"] = forms.ModelChoiceField(
            offices,
            to_field_name="code",
            required=False,
            label=gettext_lazy("On behalf of"),
            help_text=gettext_lazy("Whose decision it is, if not your own."),
        )


class SetDeadlineForm(DeadlineForm, DecisionForm):
    def prepare(self) -> None:
        super().prepare()
        self.order_fields(("due_on", "keep_day_off", "reading", "period_days"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.deadline() is None:
            self.add_error("due_on", _("Give a date, a period, or at least the words."))
        return cleaned


class GrantForm(FixedDateForm, DecisionForm):
    reason = reason_field()
    document = _document()
    in_payload = ("due_on", "reading", "wording", "reason", "document")

    def prepare(self) -> None:
        super().prepare()
        asked = self.situation.request
        if asked and asked["due_on"]:
            # A request names its last day in time: the reading that is the form's own.
            self.initial.setdefault("due_on", date.fromisoformat(asked["due_on"]))
        self.order_fields(("due_on", "keep_day_off", "reading", "wording"))


class RefuseForm(DecisionForm):
    reason = reason_field()
    in_payload = ("reason",)


class ReturnForm(DecisionForm):
    reason = reason_field(gettext_lazy("What is missing or wrong"))
    in_payload = ("reason",)


class AcceptForm(DecisionForm):
    note = reason_field(gettext_lazy("Note"), required=False)
    in_payload = ("note",)


class VerdictForm(StepForm):
    """Accepting or returning what was submitted, in one form; as of the moment of recording."""

    verdict = forms.ChoiceField(
        choices=[(str(Kind.ACCEPTED), ""), (str(Kind.RETURNED), "")], widget=forms.HiddenInput
    )
    reason = reason_field(gettext_lazy("What is missing or wrong, or a note"), required=False)

    def prepare(self) -> None:
        del self.fields["effective_at"]
        self.fields["reason"].help_text = _("Needed when the result is returned.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("verdict") == Kind.RETURNED and not cleaned.get("reason"):
            self.add_error("reason", _("Say what is missing or wrong: the department needs it."))
        return cleaned

    def payload(self) -> dict[str, Any]:
        said = self.cleaned_data["reason"]
        key = "note" if self.cleaned_data["verdict"] == Kind.ACCEPTED else "reason"
        return {key: said} if said else {}


class ReopenForm(DecisionForm):
    cause = forms.ChoiceField(
        label=gettext_lazy("Cause"),
        choices=[
            ("verifier", gettext_lazy("a verifier found it not completed")),
            ("regression", gettext_lazy("what was completed no longer works")),
        ],
        widget=forms.RadioSelect,
    )
    reason = reason_field()
    in_payload = ("cause", "reason")


class DocumentedForm(DecisionForm):
    """Suspending and cancelling."""

    reason = reason_field()
    document = _document()
    in_payload = ("reason", "document")


class ReassignForm(DecisionForm):
    reason = reason_field()
    in_payload = ("lead", "reason")

    def prepare(self) -> None:
        super().prepare()
        others = Department.objects.active(self.as_of).exclude(code=self.situation.lead)
        self.fields["lead"] = forms.ModelChoiceField(
            others, to_field_name="code", label=gettext_lazy("New lead department")
        )
        self.order_fields(("lead", "reason"))


class RequirementForm(DecisionForm):
    required = forms.TypedChoiceField(
        label=gettext_lazy("Requirement"),
        choices=[
            ("yes", gettext_lazy("required: being late marks the lead department")),
            ("no", gettext_lazy("optional: it never marks a department")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    reason = reason_field()
    in_payload = ("required", "reason")

    def prepare(self) -> None:
        super().prepare()
        self.initial.setdefault("required", "no" if self.situation.required else "yes")


def _plain(value: Any) -> Any:
    match value:
        case date():
            return value.isoformat()
        case Department():
            return value.code
        case Document():
            return value.number
        case _:
            return value
