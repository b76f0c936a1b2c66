"""What people write about an issued list: why it is superseded, its document's number and date."""

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.utils.translation import gettext_lazy as _

from tracking.models import ListRegistration, ProgressList


class SupersedeForm(forms.Form):
    reason = forms.CharField(
        label=_("Why is the list superseded?"),
        max_length=ProgressList._meta.get_field("reason").max_length,
        help_text=_("Printed in the new list."),
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
    )


class RegistrationForm(forms.Form):
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=ListRegistration._meta.get_field("number").max_length,
        help_text=_("As it is stamped on the document, such as 123/BC-TTYQG."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    dated = forms.DateField(label=_("Date of the document"), widget=AdminDateWidget())
