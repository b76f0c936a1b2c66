"""A rung of the reminders as operators write it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from tracking.models import ReminderStep
from tracking.rules.reminders import Audience, Measure

AUDIENCES = {
    Audience.REPORTER: gettext_lazy("reporters of the lead department, and their deputies"),
    Audience.HEAD: gettext_lazy("the head of the lead department"),
    Audience.NHIC: gettext_lazy("the operators"),
    Audience.VERIFIER: gettext_lazy("those who may verify"),
}
# The least and the most that each measure can be.
_BOUNDS = {
    Measure.SHARE: (1, 100),
    Measure.DUE: (0, 0),
    Measure.OVERDUE_WEEKS: (1, 520),
    Measure.UNVERIFIED_DAYS: (1, 250),
}
_FAULTS = {
    Measure.SHARE: gettext_lazy("This is no share of the working time: give 1 to 100 per cent."),
    Measure.DUE: gettext_lazy("The last day in time is one day only: give 0."),
    Measure.OVERDUE_WEEKS: gettext_lazy(
        "The first week overdue is 1: give the number of a week from 1 to 520."
    ),
    Measure.UNVERIFIED_DAYS: gettext_lazy("Give a number of working days from 1 to 250."),
}


class ReminderStepForm(forms.ModelForm):
    to = forms.MultipleChoiceField(
        choices=[(who.value, label) for who, label in AUDIENCES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Who is told"),
        help_text=gettext_lazy("Nobody chosen: this rung is switched off."),
    )

    class Meta:
        model = ReminderStep
        fields = ("measure", "amount", "to")
        help_texts = {
            "amount": gettext_lazy(
                "Per cent of the working time; the number of the week overdue, from which on it is "
                "told every week; working days awaiting verification, and again every 5 after. "
                "For the last day in time: 0."
            )
        }

    def clean_to(self) -> list[str]:
        """In the order of the boxes, whatever the order in which they were sent."""
        chosen = set(self.cleaned_data["to"])
        return [who.value for who in AUDIENCES if who in chosen]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        measure, amount = cleaned.get("measure"), cleaned.get("amount")
        if measure is None or amount is None:
            return cleaned
        least, most = _BOUNDS[Measure(measure)]
        if not least <= amount <= most:
            self.add_error("amount", str(_FAULTS[Measure(measure)]))
        elif self._others().filter(measure=measure, amount=amount).exists():
            self.add_error("amount", _("This rung is in the ladder already: change that row."))
        return cleaned

    def _others(self) -> Any:
        return ReminderStep.objects.exclude(pk=self.instance.pk)
