"""The form that assigns a new task."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from tracking.forms.deadlines import DeadlineForm
from tracking.forms.moments import moment_field
from tracking.models import Department, Task

_GROUPS = (
    (
        gettext_lazy("What"),
        ("code", "name_vi", "name_en", "product_vi", "product_en", "plan", "parent"),
    ),
    (
        gettext_lazy("Who"),
        ("document", "clause", "assigned_at", "first_lead", "first_required", "coordinating"),
    ),
    (
        gettext_lazy("Until when"),
        (
            "due_on",
            "keep_day_off",
            "reading",
            "period_days",
            "period_working",
            "period_from",
            "wording",
        ),
    ),
)


class AssignTaskForm(DeadlineForm, forms.ModelForm):
    required_css_class = "required"

    parent = forms.ModelChoiceField(
        Task.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.TextInput,
        label=gettext_lazy("Part of"),
        help_text=gettext_lazy("Code of the task that this one is a part of, if any."),
        error_messages={"invalid_choice": gettext_lazy("No task has this code: check it.")},
    )
    assigned_at = moment_field(gettext_lazy("Assigned"))

    class Meta:
        model = Task
        fields = (
            "code",
            "name_vi",
            "name_en",
            "plan",
            "document",
            "clause",
            "first_lead",
            "first_required",
            "coordinating",
            "product_vi",
            "product_en",
            "parent",
        )
        labels = {
            "name_vi": gettext_lazy("Title in Vietnamese"),
            "name_en": gettext_lazy("Title in English"),
            "first_lead": gettext_lazy("Lead department"),
            "first_required": gettext_lazy("Required: being late marks the lead department"),
        }
        widgets = {"coordinating": forms.CheckboxSelectMultiple}

    def __init__(self, *args: Any, as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offices = Department.objects.active(as_of)
        for name in ("first_lead", "coordinating"):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = offices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("first_lead") in (cleaned.get("coordinating") or ()):
            self.add_error("coordinating", _("The lead department does not coordinate itself."))
        return cleaned

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """(heading, visible fields) in the order of the page."""
        return [
            (heading, [self[name] for name in names if not self[name].is_hidden])
            for heading, names in _GROUPS
        ]
