"""Of which day, by which policy and over which plans is the forecast?"""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from tracking.forms.instant import LAST_DAY
from tracking.forms.list_scope import POLICIES
from tracking.models import Plan
from tracking.rules.progress_list import Policy


class ForecastForm(forms.Form):
    """`as_of` (a day to come), `policy`, `plan` (repeatable) of an address."""

    as_of = forms.DateField(
        label=_("As of the end of"),
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
    )
    policy = forms.ChoiceField(
        label=_("A department is marked when"),
        choices=[(str(policy), text) for policy, text in POLICIES.items()],
        initial=str(Policy.OVERDUE),
    )
    plan = forms.ModelMultipleChoiceField(
        label=_("Plans"),
        queryset=Plan.objects.all(),
        to_field_name="code",
        required=False,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("None chosen: every plan."),
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        ahead = _("A forecast is of a day to come: give a day after today.")
        self.fields["as_of"].validators += [
            MinValueValidator(today + timedelta(days=1), ahead),
            MaxValueValidator(LAST_DAY),
        ]
