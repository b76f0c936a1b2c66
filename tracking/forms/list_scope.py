"""Which progress list is asked for? A day, an instant of knowledge, a policy, plans."""

from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib.admin.widgets import AdminDateWidget
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tracking.forms.instant import FIRST_DAY, LAST_DAY, InstantField
from tracking.models import Plan
from tracking.models.bilingual import reader_language
from tracking.rules.instants import instant_text
from tracking.rules.progress_list import Policy, Scope

POLICIES = {
    Policy.OVERDUE: _("a required task is not completed and overdue"),
    Policy.INCOMPLETE: _("a required task is not completed, whatever its deadline"),
}


class ScopeForm(forms.Form):
    """Read from the address: `as_of`, `known_at`, `policy`, `plan` (repeatable), `lang`."""

    as_of = forms.DateField(
        label=_("As of the end of"),
        widget=AdminDateWidget(),
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
    )
    known_at = InstantField(
        label=_("Data recorded up to"),
        required=False,
        help_text=_(
            "Empty: now. An earlier instant gives the list as it was reported then. A day alone "
            "means its end."
        ),
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
    )
    policy = forms.ChoiceField(
        label=_("A department is marked when"),
        choices=[(str(policy), text) for policy, text in POLICIES.items()],
        initial=str(Policy.OVERDUE),
        widget=forms.RadioSelect(),
    )
    plan = forms.ModelMultipleChoiceField(
        label=_("Plans"),
        queryset=Plan.objects.all(),
        to_field_name="code",
        required=False,
        help_text=_("None chosen: every plan."),
        widget=forms.CheckboxSelectMultiple(),
    )
    lang = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect()
    )

    @classmethod
    def asked(cls, query: QueryDict) -> Self:
        """The form of an address, which may leave out all but the day."""
        given = query.copy()
        given.setdefault("policy", str(Policy.OVERDUE))
        given.setdefault("lang", reader_language())
        return cls(given)

    def clean_policy(self) -> Policy:
        return Policy(self.cleaned_data["policy"])

    @property
    def language(self) -> str:
        return str(self.cleaned_data["lang"])

    def scope(self, *, now: datetime) -> Scope:
        """What is asked; knowledge up to `now` where no instant is given."""
        given = self.cleaned_data
        return Scope(
            as_of=given["as_of"],
            known_at=given["known_at"] or now,
            policy=given["policy"],
            plans=tuple(sorted(plan.code for plan in given["plan"])),
        )


def scope_query(scope: Scope, language: str) -> str:
    """The same question as the query string of an address, the instant written out."""
    pairs: list[tuple[str, Any]] = [
        ("as_of", scope.as_of.isoformat()),
        ("known_at", instant_text(scope.known_at)),
        ("policy", str(scope.policy)),
        *(("plan", code) for code in scope.plans),
        ("lang", language),
    ]
    return urlencode(pairs)
