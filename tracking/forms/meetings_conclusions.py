"""Forms that record what the chair concludes about a department."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from tracking.forms.deadlines import DeadlineForm
from tracking.forms.moments import moment_field
from tracking.forms.steps import StepForm
from tracking.models import Department, Task

WORDS = gettext_lazy("Conclusion")
_PRINTED = gettext_lazy("In the words of the chair; printed in the notice as it is written.")
# Fields of the forms of steps that say in words what a conclusion says.
_SAID = ("reason", "note")


def words_field() -> forms.CharField:
    return forms.CharField(
        label=WORDS,
        max_length=2000,
        help_text=_PRINTED,
        widget=forms.Textarea({"rows": 4}),
    )


class NotedForm(forms.Form):
    """Words alone."""

    required_css_class = "required"
    text = words_field()

    @property
    def text_said(self) -> str:
        return str(self.cleaned_data["text"])


class ConcludedTaskForm(DeadlineForm, forms.ModelForm):
    """A new task of the department that speaks; the notice assigns it."""

    required_css_class = "required"
    text = words_field()
    assigned_at = moment_field(gettext_lazy("Assigned"))

    class Meta:
        model = Task
        fields = (
            "code",
            "name_vi",
            "name_en",
            "product_vi",
            "plan",
            "first_required",
            "coordinating",
        )
        labels = {
            "name_vi": gettext_lazy("Title in Vietnamese"),
            "name_en": gettext_lazy("Title in English"),
            "first_required": gettext_lazy("Required: being late marks the lead department"),
        }
        widgets = {"coordinating": forms.CheckboxSelectMultiple}

    field_order = (
        "text",
        "code",
        "name_vi",
        "name_en",
        "product_vi",
        "due_on",
        "keep_day_off",
        "reading",
        "wording",
        "period_days",
        "period_working",
        "period_from",
        "plan",
        "first_required",
        "coordinating",
        "assigned_at",
    )

    def __init__(self, *args: Any, lead: Department, as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.first_lead = lead
        field: Any = self.fields["coordinating"]
        field.queryset = Department.objects.active(as_of).exclude(pk=lead.pk)

    def validate_unique(self) -> None:
        """The action looks whether the code is taken: sent a second time it is by this task."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and self.deadline() is None:
            self.add_error("due_on", _("Give a date, a period, or at least the words."))
        return cleaned

    @property
    def text_said(self) -> str:
        return str(self.cleaned_data["text"])


def as_conclusion(form: StepForm) -> Any:
    """The form of a step, whose words are those of the chair. The notice is its document."""
    form.fields.pop("document", None)
    form.in_payload = tuple(name for name in form.in_payload if name != "document")
    said = next((name for name in _SAID if name in form.fields), "text")
    form.fields[said] = words_field()
    form.order_fields((said, *(name for name in form.fields if name != said)))
    form.fields["effective_at"].label = _("Effective")
    return form


def words_of(form: Any) -> str:
    """What the chair said, of a form made by `as_conclusion`."""
    given = form.cleaned_data
    return str(next(given[name] for name in (*_SAID, "text") if name in given))
