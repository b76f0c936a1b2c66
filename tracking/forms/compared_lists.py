"""Which two lists are to be compared?"""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

NOW = "now"


class ComparisonForm(forms.Form):
    """`a` and `b` of an address: numbers of issued lists, or one of them "now"."""

    a = forms.ChoiceField(label=_("From"))
    b = forms.ChoiceField(label=_("To"))

    def __init__(
        self, *args: Any, lists: Sequence[tuple[str, str]], now: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        today = [(NOW, _("now, if it were issued today"))] if now else []
        for name in ("a", "b"):
            self.fields[name].choices = [*today, *lists]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("a") == NOW == given.get("b"):
            raise forms.ValidationError(_("One of the two has to be an issued list."))
        return given
