"""What an operator writes of an endpoint: what is probed, how and how often."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from databases.models import Credential, Endpoint, Interface, Zone
from databases.probes.kinds import KINDS

_TEXT = {"class": "vTextField"}


def _named(queryset: Any, label: Any, help_text: Any = "", *, required: bool = False) -> Any:
    """A row of a register, by its code."""
    return forms.ModelChoiceField(
        queryset, to_field_name="code", label=label, required=required, help_text=help_text
    )


class EndpointForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=60,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy("Fixed once saved: files, reports and the history name it."),
    )
    name_vi = forms.CharField(
        label=gettext_lazy("Name in Vietnamese"),
        max_length=500,
        widget=forms.TextInput(attrs=_TEXT),
    )
    name_en = forms.CharField(
        label=gettext_lazy("Name in English"),
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
    )
    interface = _named(
        Interface.objects.none(),
        gettext_lazy("Interface"),
        gettext_lazy("What of which database it probes; empty for a sentinel."),
    )
    sentinel_of = forms.CharField(
        label=gettext_lazy("Sentinel, owned by"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
        help_text=gettext_lazy(
            "Not part of a database: it shows whether we ourselves can see its zone. Whose it is."
        ),
    )
    zone = _named(Zone.objects.none(), gettext_lazy("Zone"), required=True)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of probe"))
    spec = forms.CharField(
        label=gettext_lazy("What is asked and expected"),
        widget=forms.Textarea(attrs={"rows": 10, "class": "spec", "spellcheck": "false"}),
        help_text=gettext_lazy(
            'Pairs of names and values in JSON, such as {"url": "https://host/health"}. The fields '
            "of each kind stand below. No password belongs here: choose a credential."
        ),
    )
    interval = forms.IntegerField(
        label=gettext_lazy("Interval (seconds)"), min_value=5, max_value=86_400, initial=60
    )
    timeout = forms.IntegerField(
        label=gettext_lazy("Time-out (milliseconds)"),
        min_value=100,
        max_value=60_000,
        initial=10_000,
    )
    parent = _named(
        Endpoint.objects.none(),
        gettext_lazy("Depends on"),
        gettext_lazy("When that one is down, this outage is told as following from it."),
    )
    credential = _named(
        Credential.objects.none(),
        gettext_lazy("Credential"),
        gettext_lazy("What is shown to be let in; it is bound to its host."),
    )

    def __init__(self, *args: Any, known: str = "", **options: Any) -> None:
        """`known`: code of the endpoint that is changed."""
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["code"].disabled = bool(known)
        fields["kind"].choices = [(kind, kind) for kind in KINDS]
        fields["zone"].queryset = Zone.objects.order_by("code")
        rows = Interface.objects.select_related("connection__database")
        fields["interface"].queryset = rows.order_by("code")
        fields["parent"].queryset = Endpoint.objects.exclude(code=known).order_by("code")
        fields["credential"].queryset = Credential.objects.order_by("code")
        for name in ("zone", "interface", "parent"):
            fields[name].label_from_instance = lambda row: f"{row.code} · {row.name}"
        fields["credential"].label_from_instance = lambda row: f"{row.code} · {row.host}"

    def clean_spec(self) -> dict[str, Any]:
        text = self.cleaned_data["spec"]
        try:
            found = json.loads(text)
            _require_storable(text, found)
        except json.JSONDecodeError as error:
            place = {"line": error.lineno, "column": error.colno}
            said = _("This is no JSON: look at line %(line)d, column %(column)d.")
            raise forms.ValidationError(said % place) from None
        except (ValueError, RecursionError):
            said = _("This holds a number or a letter that cannot be kept: correct it.")
            raise forms.ValidationError(said) from None
        if not isinstance(found, dict):
            raise forms.ValidationError(_("Write pairs of names and values in { }."))
        return found

    def values(self) -> dict[str, Any]:
        """Of a databases.actions.endpoints.Wanted: other rows by their codes."""
        given = dict(self.cleaned_data)
        for name in ("zone", "interface", "parent", "credential"):
            given[name] = given[name].code if given[name] else None
        return given


def _require_storable(text: str, found: Any) -> None:
    """ValueError for what JSON can say and a database cannot hold: endless numbers, zero letters,
    halves of a pair."""
    if "\\u0000" in text:
        raise ValueError(text)
    json.dumps(found, allow_nan=False, ensure_ascii=False).encode("utf-8")


def written(values: dict[str, Any]) -> dict[str, Any]:
    """The same the other way round, to begin the form with."""
    spec = json.dumps(values["spec"], ensure_ascii=False, indent=2)
    return {**values, "spec": spec}
