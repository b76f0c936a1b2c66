"""Which month of deadlines, of which department and plan?"""

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.forms.instant import FIRST_DAY, LAST_DAY
from tracking.models import Department, Plan


class MonthField(forms.CharField):
    """Gives the first day of the month or None."""

    default_error_messages = {
        "month": _("This is not a month: write it as 2026-11, between 2000 and 2199.")
    }
    widget = forms.TextInput({"type": "month", "placeholder": "2026-11"})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        found: date | None = None
        try:
            found = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007  a month has no zone
        except ValueError:
            pass
        if found is None or not FIRST_DAY <= found < LAST_DAY.replace(day=1):
            raise forms.ValidationError(self.error_messages["month"], code="month")
        return found


class DeadlineMonthForm(forms.Form):
    """What the address of the calendar asks for; everything may be absent."""

    month = MonthField(label=_("Month"), required=False)
    department = forms.ModelChoiceField(
        Department.objects.only("code", "name_vi", "name_en"),
        to_field_name="code",
        required=False,
        label=_("Department"),
        empty_label=_("All departments"),
    )
    plan = forms.ModelChoiceField(
        Plan.objects.only("code", "name_vi", "name_en"),
        to_field_name="code",
        required=False,
        label=_("Plan"),
        empty_label=_("All plans"),
    )
