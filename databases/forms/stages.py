"""What an operator fills in about the history of a connection: its stages and official steps."""

from django import forms
from django.utils.translation import gettext_lazy as _

from databases.forms.register_days import DayField
from databases.models.connection import STAGE_NAMES
from databases.models.step import Step
from databases.rules.stage import Stage
from tracking.models import Document

_EMPTY = ("", "—")


class _HistoryForm(forms.Form):
    """What every record says beside its own: the document and a note."""

    required_css_class = "required"

    document = forms.ModelChoiceField(
        Document.objects.all(),
        label=_("Document"),
        required=False,
        help_text=_("The document that says so, if there is one; it stands in the register."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What shows it: a report, a letter, an acceptance record."),
    )


class StageForm(_HistoryForm):
    """The declaration that a connection has reached a stage."""

    stage = forms.TypedChoiceField(
        label=_("Stage"),
        coerce=Stage,
        choices=[_EMPTY, *((stage.value, name) for stage, name in STAGE_NAMES.items())],
    )
    effective_on = DayField(
        label=_("Effective on"),
        help_text=_("The day on which the stage was reached; a later day is announced ahead."),
    )
    field_order = ("stage", "effective_on", "document", "note")


class StepForm(_HistoryForm):
    """The record that a connection took one of its official steps."""

    step = forms.TypedChoiceField(label=_("Step"), coerce=Step, choices=[_EMPTY, *Step.choices])
    done_on = DayField(label=_("Done on"), help_text=_("Today or an earlier day."))
    expires_on = DayField(
        label=_("Holds until"),
        required=False,
        help_text=_("Of security minutes only: the last day on which they hold, as they say."),
    )
    field_order = ("step", "done_on", "expires_on", "document", "note")
