"""Which file of the register is taken in, and which is written out?"""

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.forms.plan_files import FORMATS


class RegisterUploadForm(forms.Form):
    """An empty file is accepted here, for the reader says better what is wrong."""

    file = forms.FileField(
        label=_("Register file"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".json,.xlsx"}),
    )


class RegisterExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("Format"), choices=FORMATS, initial=".xlsx", widget=forms.RadioSelect()
    )
