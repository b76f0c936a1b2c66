"""Fields for a day and for an instant, with the browser's own calendar and clock: the same in the
admin and in the staff portal, and dd/mm/yyyy may always be typed where a browser has neither."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")

    def format_value(self, value: Any) -> str | None:
        """A date field of a browser shows nothing but the ISO form, so what was typed otherwise
        is not lost when the form comes back."""
        return super().format_value(_day_typed(value) or value)


class TimeInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class MomentWidget(AdminSplitDateTime):
    """A date and a time, each with its own name for screen readers."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        forms.MultiWidget.__init__(self, [DayInput, TimeInput], attrs)
        for widget, name in zip(self.widgets, (_("Date"), _("Time")), strict=True):
            widget.attrs["aria-label"] = name


def moment_field(label: Any) -> forms.SplitDateTimeField:
    """Optional; empty stands for the moment of recording."""
    return forms.SplitDateTimeField(
        label=label,
        required=False,
        widget=MomentWidget,
        help_text=_("Both empty means this moment; may lie in the past or ahead."),
    )


def _day_typed(value: Any) -> date | None:
    try:
        return forms.DateField().to_python(value)
    except forms.ValidationError:
        return None
