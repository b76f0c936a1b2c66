"""Which file is taken in, and what is written out?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.models import Plan

FORMATS = ((".xlsx", _("Excel workbook (.xlsx)")), (".json", _("JSON (.json)")))


class UploadForm(forms.Form):
    """An empty file is accepted here, for the reader says better what is wrong."""

    file = forms.FileField(
        label=_("Plan file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,.xlsx"}),
    )


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=FORMATS, initial=".xlsx", widget=forms.RadioSelect()
    )
    plan = forms.ModelMultipleChoiceField(
        label=_("Plans"),
        queryset=Plan.objects.all(),
        to_field_name="code",
        required=False,
        help_text=_("None chosen: every plan."),
        widget=forms.CheckboxSelectMultiple(),
    )
