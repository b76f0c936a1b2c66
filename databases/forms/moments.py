"""The field for an instant that must be given, or that stands for now when it is not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.forms.moments import MomentWidget


def instant_field(label: Any, help_text: Any = "", *, required: bool = True) -> Any:
    """A day and a time of Hà Nội."""
    return forms.SplitDateTimeField(
        label=label,
        required=required,
        widget=MomentWidget,
        help_text=help_text or _("Day and time in Hà Nội."),
    )


def words_field(label: Any, longest: int, help_text: Any = "", *, required: bool = True) -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=help_text,
    )
