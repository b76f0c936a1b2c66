"""The day and the instant of knowledge that an address asks for."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracking.forms.instant import FIRST_DAY, LAST_DAY, InstantField
from tracking.rules.instants import cut_off
from tracking.rules.viewpoint import Viewpoint

NAMES = ("as_of", "known_at")
_WITHIN = _("Give a day between 01/01/2000 and 31/12/2199.")


class ViewpointForm(forms.Form):
    """`as_of` and `known_at` of an address; both may be absent."""

    as_of = forms.DateField(
        label=_("As of the end of"),
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        validators=[MinValueValidator(FIRST_DAY, _WITHIN), MaxValueValidator(LAST_DAY, _WITHIN)],
    )
    known_at = InstantField(
        label=_("Data recorded up to"),
        required=False,
        help_text=_("Empty: now. An earlier instant shows what was known then."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )

    def __init__(self, data: Mapping[str, str], *, now: datetime) -> None:
        super().__init__(data)
        self._now = now

    def clean_known_at(self) -> datetime | None:
        known_at: datetime | None = self.cleaned_data["known_at"]
        if known_at and known_at > self._now:
            raise forms.ValidationError(
                _("Nothing is known of what lies ahead: leave this empty for now.")
            )
        return known_at


def viewpoint_asked(query: QueryDict, now: datetime) -> tuple[Viewpoint, ViewpointForm]:
    """What the address asks for; as of now where it asks for nothing or for what cannot be, and
    then the form holds a sentence for each fault."""
    form = ViewpointForm({name: query.get(name, "") for name in NAMES}, now=now)
    given: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    as_of, known_at = given.get("as_of"), given.get("known_at")
    at = cut_off(as_of) if as_of else known_at or now
    return Viewpoint(at, known_at or now, now, chosen=bool(as_of or known_at)), form
