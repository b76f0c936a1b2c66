"""Who answers for a connection, as an operator names them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _, gettext_lazy

from databases.forms.register_days import DayField
from databases.models import Connection, Party
from databases.models.party import PartyRole
from tracking.models import Department, Partner

_EMPTY = ("", "—")


class PartyForm(forms.Form):
    """A department or a partner in a role, from a day on."""

    required_css_class = "required"

    role = forms.TypedChoiceField(
        label=gettext_lazy("Role"),
        coerce=PartyRole,
        choices=[_EMPTY, *PartyRole.choices],
        help_text=gettext_lazy(
            "The owner answers for the connection, the operator runs it, the carrier brings the "
            "data across."
        ),
    )
    body = forms.ChoiceField(label=gettext_lazy("Department or partner"))
    valid_from = DayField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Whoever is in the role then ends the day before."),
    )
    document = forms.CharField(
        label=gettext_lazy("Document"),
        required=False,
        max_length=Party._meta.get_field("document").max_length,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text=gettext_lazy("The agreement or decision that names them, as it is cited."),
    )

    def __init__(self, *args: Any, as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        departments = Department.objects.active(as_of)
        self._bodies = {_key(row): row for row in (*departments, *Partner.objects.order_by("sort"))}
        self.fields["body"].choices = [  # type: ignore[attr-defined]
            _EMPTY,
            (_("Departments"), _named(departments)),
            (_("Partners"), _named(r for r in self._bodies.values() if isinstance(r, Partner))),
        ]

    def clean_body(self) -> Department | Partner:
        body: Department | Partner = self._bodies[self.cleaned_data["body"]]
        return body


class EndPartyForm(forms.Form):
    """The last day of a party of the connection."""

    required_css_class = "required"

    valid_to = DayField(
        label=gettext_lazy("Until"), help_text=gettext_lazy("The last day, itself included.")
    )

    def __init__(self, *args: Any, connection: Connection, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Party.objects.filter(connection=connection).select_related("department", "partner")
        self.fields["party"] = _PartyField(rows, label=_("Party"))
        self.order_fields(["party", "valid_to"])


class _PartyField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        said = {
            "role": PartyRole(obj.role).label,
            "body": obj.body,
            "begins": f"{obj.valid_from:%d/%m/%Y}",
        }
        if obj.valid_to is None:
            return _("%(role)s: %(body)s, since %(begins)s") % said
        said["ends"] = f"{obj.valid_to:%d/%m/%Y}"
        return _("%(role)s: %(body)s, %(begins)s to %(ends)s") % said


def _key(row: Department | Partner) -> str:
    return f"{row._meta.model_name}:{row.code}"


def _named(rows: Iterable[Department | Partner]) -> list[tuple[str, str]]:
    return [(_key(row), row.name) for row in rows]
