"""Under which name is a question to the list of tasks kept?"""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.rules.canonical import nfc

LONGEST_QUERY = 2000


class SavedViewForm(forms.Form):
    name = forms.CharField(
        label=_("Name of the view"),
        max_length=80,
        error_messages={
            "required": _("Give the view a name."),
            "max_length": _("At most %(limit_value)d characters: shorten it."),
            "null_characters_not_allowed": _("This holds an invisible character."),
        },
    )
    shared = forms.BooleanField(label=_("Show it to everybody"), required=False)
    query = forms.CharField(
        required=False,
        max_length=LONGEST_QUERY,
        widget=forms.HiddenInput,
        error_messages={
            "max_length": _("So many filters cannot be kept: choose fewer."),
            "null_characters_not_allowed": _("This holds an invisible character."),
        },
    )

    def clean_name(self) -> str:
        """As it is kept, which may be longer than it was typed."""
        name: str = nfc(self.cleaned_data["name"])
        self.fields["name"].run_validators(name)
        return name

    def clean(self) -> dict[str, Any]:
        """What is wrong with the hidden field is told above the others."""
        for sentence in self.errors.pop("query", ()):
            self.add_error(None, sentence)
        return self.cleaned_data
