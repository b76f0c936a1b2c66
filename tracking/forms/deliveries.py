"""What people say when they send a message again, or settle what became of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.models import Delivery, DeliveryEntry


class _ReasonField(forms.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_length=DeliveryEntry._meta.get_field("said").max_length,
            help_text=_("Kept in the ledger of this delivery, with your name."),
            widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
            **options,
        )


class ResendForm(forms.Form):
    """`seen`: the state on which the decision rests."""

    seen = forms.ChoiceField(choices=Delivery.State.choices, widget=forms.HiddenInput())
    reason = _ReasonField(label=_("Why is it sent again?"))


class ResendManyForm(forms.Form):
    reason = _ReasonField(label=_("Why are they sent again?"))


class SettleForm(forms.Form):
    ARRIVED, GIVEN_UP = "arrived", "given_up"

    outcome = forms.ChoiceField(
        label=_("What became of it?"),
        choices=[
            (ARRIVED, _("It arrived: the recipient, or the log of the server, says so.")),
            (GIVEN_UP, _("It did not arrive, and is given up.")),
        ],
        widget=forms.RadioSelect(),
    )
    reason = _ReasonField(label=_("How do you know?"))
