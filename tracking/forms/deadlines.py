"""Fields that say until when, and the warning about a day that is not worked."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.formats import date_format
from django.utils.translation import gettext as _, gettext_lazy

from tracking.forms.instant import FIRST_DAY, LAST_DAY
from tracking.forms.moments import DayInput
from tracking.models import CalendarDay
from tracking.rules.deadline import Reading
from tracking.rules.deadline_orders import FixedDate, Period, days_off

LONGEST_PERIOD = 3650
# A slip of the pen may name a year before or after which no day can be counted.
WITHIN_REASON = [MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)]

READINGS = [
    (str(Reading.BY), gettext_lazy("by that day: the day itself is still in time")),
    (str(Reading.BEFORE), gettext_lazy("before that day: the day itself is too late")),
]


class FixedDateForm(forms.Form):
    """A date, how it is read and the words of the order."""

    due_on = forms.DateField(
        label=gettext_lazy("Date"),
        widget=DayInput,
        validators=WITHIN_REASON,
        help_text=gettext_lazy("Day/month/year, as written in the order; it is never moved."),
    )
    reading = forms.ChoiceField(
        label=gettext_lazy("Reading"),
        choices=READINGS,
        initial=str(Reading.BY),
        widget=forms.RadioSelect,
    )
    wording = forms.CharField(
        label=gettext_lazy("Words of the order"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("Verbatim, such as “chậm nhất ngày 10/11/2025”."),
    )
    keep_day_off = forms.BooleanField(
        label=gettext_lazy("Keep this date although it is not a working day"),
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("due_on") and not cleaned.get("keep_day_off"):
            self._warn_of_days_off(self._fixed_date())
        return cleaned

    def _fixed_date(self) -> FixedDate:
        cleaned = self.cleaned_data
        reading = Reading(cleaned.get("reading") or Reading.BY)
        return FixedDate(cleaned.get("due_on"), reading, cleaned.get("wording", ""))

    def _warn_of_days_off(self, order: FixedDate) -> None:
        off = days_off(order, CalendarDay.objects.all().calendar())
        if off:
            self.fields["keep_day_off"].widget = forms.CheckboxInput()
            days = ", ".join(date_format(day, "l d/m/Y") for day in off)
            self.add_error(
                "due_on",
                _(
                    "Not a working day: %(days)s. A date in an order is not moved to the next "
                    "working day: correct it, or tick below to keep it."
                )
                % {"days": days},
            )


class DeadlineForm(FixedDateForm):
    """A date, or a period to be made a date, or words alone."""

    period_days = forms.IntegerField(
        label=gettext_lazy("Or within: number of days"),
        required=False,
        min_value=1,
        max_value=LONGEST_PERIOD,
        help_text=gettext_lazy(
            "The first day is not counted; a last day that is not worked moves to the next "
            "working day. The date is worked out once, now."
        ),
    )
    period_working = forms.BooleanField(label=gettext_lazy("Working days only"), required=False)
    period_from = forms.DateField(
        label=gettext_lazy("Counted from"),
        required=False,
        widget=DayInput,
        validators=WITHIN_REASON,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["due_on"].required = False

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        days, start = cleaned.get("period_days"), cleaned.get("period_from")
        if days and cleaned.get("due_on"):
            self.add_error("period_days", _("Give a date or a period, not both."))
        if bool(days) != bool(start) and not self.errors:
            missing = "period_from" if days else "period_days"
            self.add_error(missing, _("A period needs its number of days and its first day."))
        return cleaned

    def deadline(self) -> FixedDate | Period | None:
        """What was entered; None when nothing was."""
        cleaned = self.cleaned_data
        if cleaned.get("period_days"):
            return Period(
                days=cleaned["period_days"],
                working=cleaned["period_working"],
                start=cleaned["period_from"],
                wording=cleaned["wording"],
            )
        order = self._fixed_date()
        return order if order.due_on or order.wording else None
