"""What is announced of a maintenance."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from databases.forms.moments import instant_field
from databases.models import Connection, Endpoint


class MaintenanceForm(forms.Form):
    """For one endpoint, or for all of a connection."""

    endpoint = forms.ModelChoiceField(
        Endpoint.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("Endpoint"),
    )
    connection = forms.ModelChoiceField(
        Connection.objects.none(),
        to_field_name="code",
        required=False,
        label=gettext_lazy("or all endpoints of the connection"),
    )
    start = instant_field(
        gettext_lazy("From"), gettext_lazy("Both empty means this moment."), required=False
    )
    end = instant_field(gettext_lazy("To"))
    document = forms.CharField(
        label=gettext_lazy("Document"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("The letter that announces it, if there is one."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        endpoints: Any = self.fields["endpoint"]
        endpoints.queryset = Endpoint.objects.order_by("code")
        endpoints.label_from_instance = lambda endpoint: f"{endpoint.code} · {endpoint.name}"
        connections: Any = self.fields["connection"]
        rows = Connection.objects.filter(interfaces__endpoints__isnull=False).distinct()
        connections.queryset = rows.select_related("database").order_by("code")
        connections.label_from_instance = lambda row: f"{row.code} · {row.database.name}"

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("endpoint")) == bool(cleaned.get("connection")):
            raise forms.ValidationError(_("Choose an endpoint, or a connection: one of the two."))
        return cleaned

    def endpoints(self) -> list[Endpoint]:
        one, connection = self.cleaned_data["endpoint"], self.cleaned_data["connection"]
        rows = Endpoint.objects.filter(interface__connection=connection).order_by("code")
        return [one] if one else list(rows)
