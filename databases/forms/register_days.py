"""Days in the forms of the register: typed or chosen, and of our time."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

_RANGE = _("Give a day between the years 1990 and 2199.")


class DayField(forms.DateField):
    """A slip of the hand in the year is told before it is written for ever."""

    def __init__(self, **options: Any) -> None:
        checks = [
            MinValueValidator(date(1990, 1, 1), _RANGE),
            MaxValueValidator(date(2199, 12, 31), _RANGE),
        ]
        super().__init__(widget=AdminDateWidget, validators=checks, **options)
