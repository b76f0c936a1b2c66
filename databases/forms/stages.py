"""What an operator fills in about a connection."""

from django import forms
from django.utils.translation import gettext_lazy as _

from databases.models.connection import STAGE_NAMES
from databases.rules.stage import Stage


class StageForm(forms.Form):
    """The declaration that a connection has reached a stage."""

    stage = forms.TypedChoiceField(
        label=_("Stage"),
        coerce=Stage,
        choices=[("", "—"), *((stage.value, name) for stage, name in STAGE_NAMES.items())],
    )
    effective_on = forms.DateField(
        label=_("Effective on"),
        help_text=_("The day on which the stage was reached; a later day is announced ahead."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What shows it: a report, a letter, an acceptance record."),
    )
