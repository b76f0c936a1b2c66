"""The field for an instant: a date and a time, each with its own name for screen readers."""

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminSplitDateTime
from django.utils.translation import gettext_lazy as _


class MomentWidget(AdminSplitDateTime):
    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
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
