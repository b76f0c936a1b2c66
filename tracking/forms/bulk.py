"""Which tasks is one decision taken on, and what does it say?"""

from datetime import date
from typing import Any

from django import forms

from tracking.forms.steps import StepForm
from tracking.rules.situation import Situation

# The step forms leave out what no task could bear; which task bears what, the preview says.
_ANY_TASK = Situation(lead="", required=True)


def _keys(*, required: bool) -> forms.RegexField:
    """Keys separated by commas."""
    return forms.RegexField(r"^[0-9]{1,18}(,[0-9]{1,18})*$", max_length=10_000, required=required)


class ChosenTasks(forms.Form):
    """`tasks`: all that were chosen; `allowed`: those that the preview said it would be recorded
    for; `seen`: the newest entry of the ledger when the person looked."""

    tasks = _keys(required=True)
    allowed = _keys(required=False)
    seen = forms.IntegerField(required=False, min_value=0)

    def clean_tasks(self) -> list[int]:
        return _numbers(self.cleaned_data["tasks"])

    def clean_allowed(self) -> list[int]:
        return _numbers(self.cleaned_data["allowed"])


def _numbers(text: str) -> list[int]:
    return [int(key) for key in text.split(",") if key]


def decision_form(kind: type[StepForm], data: Any, as_of: date) -> StepForm:
    """The form of the step, for any task, with the browser's own fields for days and times."""
    form = kind(data, situation=_ANY_TASK, as_of=as_of)
    for field in form.fields.values():
        _plain_widgets(field)
    return form


def _plain_widgets(field: forms.Field) -> None:
    if isinstance(field, forms.SplitDateTimeField):
        parts: Any = field.widget
        labels = [widget.attrs.get("aria-label") for widget in parts.widgets]
        field.widget = forms.SplitDateTimeWidget(
            date_attrs={"type": "date", "aria-label": labels[0]},
            time_attrs={"type": "time", "aria-label": labels[1]},
            date_format="%Y-%m-%d",
            time_format="%H:%M",
        )
    elif isinstance(field, forms.DateField):
        field.widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")
