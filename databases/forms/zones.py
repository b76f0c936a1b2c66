"""What people write about a zone and its networks."""

from cryptography import x509
from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from databases.forms.moments import instant_field
from databases.models import Zone
from databases.probes.names import literal


class ZoneForm(forms.ModelForm):
    class Meta:
        model = Zone
        fields = (
            "code",
            "name_vi",
            "name_en",
            "internet",
            "for_tests",
            "authorities",
            "name_servers",
        )

    def clean_authorities(self) -> str:
        text: str = self.cleaned_data["authorities"].strip()
        try:
            if text:
                x509.load_pem_x509_certificates(text.encode())
        except ValueError:
            raise forms.ValidationError(
                _("These are no certificates in PEM: paste them whole, with their first line.")
            ) from None
        return text

    def clean_name_servers(self) -> str:
        text = " ".join(self.cleaned_data["name_servers"].replace(",", " ").split())
        for address in text.split():
            if literal(address) is None:
                said = _('"%s" is no address: name servers are given by address, not by name.')
                raise forms.ValidationError(said % address)
        return text


class NetworkForm(forms.Form):
    """A network that is to be approved by another person."""

    network = forms.CharField(
        label=gettext_lazy("Network"),
        max_length=50,
        help_text=gettext_lazy("Such as 10.20.0.0/16, or a single address."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    ports = forms.CharField(
        label=gettext_lazy("Ports"),
        max_length=200,
        help_text=gettext_lazy("Numbers and ranges, separated by spaces: 443 8000-8100."),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    document = forms.CharField(
        label=gettext_lazy("Document"),
        max_length=300,
        help_text=gettext_lazy("Which document allows probing it."),
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
    valid_from = instant_field(
        gettext_lazy("Valid from"), gettext_lazy("Both empty means this moment."), required=False
    )
    valid_to = instant_field(
        gettext_lazy("Valid to"), gettext_lazy("Both empty means until withdrawn."), required=False
    )
