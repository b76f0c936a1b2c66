"""What of the matrix does the reader want to see?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from databases.models.connection import STAGE_NAMES
from tracking.models import Department


class MatrixForm(forms.Form):
    """Read from the address. `states`: the states that a connection can be seen in; a choice that
    is not to be had chooses nothing."""

    owner = forms.ModelChoiceField(
        Department.objects.none(),
        label=_("Owner department"),
        to_field_name="code",
        required=False,
        empty_label=_("all"),
    )
    stage = forms.ChoiceField(label=_("Declared stage"), required=False)
    state = forms.ChoiceField(label=_("Seen state"), required=False)
    contradictory = forms.BooleanField(label=_("Only contradictions"), required=False)

    def __init__(self, *args: object, states: dict[str, object], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        owners = Department.objects.filter(databases__isnull=False).distinct()
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]
        anything = [("", _("all"))]
        undeclared = [("undeclared", _("not declared"))]
        stages = [(str(stage), name) for stage, name in STAGE_NAMES.items()]
        self.fields["stage"].choices = [*anything, *stages, *undeclared]  # type: ignore[attr-defined]
        self.fields["state"].choices = [*anything, *states.items()]  # type: ignore[attr-defined]
