"""What is entered to seal a credential. What was entered is never put back on the page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from databases.models.credential import CredentialKind


class SecretInput(forms.Textarea):
    """Shows dots where the browser can, and nothing of what was sent, not even after a mistake."""

    def format_value(self, value: Any) -> str:
        return ""


class CredentialForm(forms.Form):
    code = forms.CharField(
        label=_("Code"), max_length=60, widget=forms.TextInput(attrs={"class": "vTextField"})
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=CredentialKind.choices)
    host = forms.CharField(
        label=_("Host"),
        max_length=253,
        help_text=_(
            "The only host it is ever sent to: a name or an address, without port. Another host "
            "needs the secret entered again."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    secret = forms.CharField(
        label=_("Secret"),
        strip=False,
        max_length=64_000,
        help_text=_(
            "A token as it is; user:password; the certificate and its unencrypted key in PEM; the "
            "password of the database; the signing key. It is sealed when it is saved and is never "
            "shown again to anybody."
        ),
        widget=SecretInput(
            attrs={
                "rows": 4,
                "class": "secret",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, known: bool = False, **options: Any) -> None:
        """`known`: another secret in place of the one of that code, which stays."""
        super().__init__(*args, **options)
        self.fields["code"].disabled = known

    def sealing(self) -> bytes:
        """As it is sealed: what a browser adds at the ends of lines is taken away."""
        text: str = self.cleaned_data["secret"]
        return text.replace("\r\n", "\n").strip("\n").encode()
