"""A schedule of reports as operators write it."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, validate_email
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _, gettext_lazy, pgettext_lazy

from tracking.forms.instant import InstantField
from tracking.forms.list_scope import POLICIES
from tracking.models import Department, Plan, ReportSchedule, User
from tracking.permissions import Role
from tracking.renderers.files import FILES
from tracking.rules.progress_list import Policy

_MOST_DAYS = 60
_TO_WHOM = ("people", "roles", "departments", "addresses")


class PeopleField(forms.ModelMultipleChoiceField):
    """Each by name, and who cannot be reached."""

    def label_from_instance(self, obj: Any) -> str:
        name = f"{obj.last_name} {obj.first_name}".strip()
        said = f"{name} ({obj.username})" if name else obj.username
        if not obj.is_active:
            return _("%(person)s: has left") % {"person": said}
        return said if obj.email else _("%(person)s: no e-mail address") % {"person": said}


class ReportScheduleForm(forms.ModelForm):
    plans = forms.ModelMultipleChoiceField(
        Plan.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Plans"),
        help_text=gettext_lazy("None chosen: every plan."),
    )
    policy = forms.ChoiceField(
        choices=[(str(policy), text) for policy, text in POLICIES.items()],
        initial=str(Policy.OVERDUE),
        widget=forms.RadioSelect,
        label=gettext_lazy("A department is marked when"),
    )
    formats = forms.MultipleChoiceField(
        choices=[(form, label) for form, (label, *_rest) in FILES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Files to attach"),
        help_text=gettext_lazy(
            "None is attached when the list names a classified task, or when they are too large "
            "for mail; the message says so."
        ),
    )
    rhythm = forms.ChoiceField(
        choices=ReportSchedule.Rhythm.choices,
        initial=ReportSchedule.Rhythm.WEEKDAYS,
        widget=forms.RadioSelect,
        label=pgettext_lazy("of a report", "When"),
    )
    weekdays = forms.TypedMultipleChoiceField(
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Days of the week"),
        help_text=gettext_lazy("For reports on days of the week."),
    )
    at = forms.TimeField(
        label=gettext_lazy("Time of day"),
        input_formats=["%H:%M"],
        widget=forms.TimeInput(format="%H:%M", attrs={"size": 6, "autocomplete": "off"}),
        help_text=gettext_lazy("In Hà Nội, as 08:00."),
        error_messages={"invalid": gettext_lazy("This is not a time of day: write it as 08:00.")},
    )
    starts_at = InstantField(
        label=gettext_lazy("Not before"),
        required=False,
        widget=forms.TextInput(attrs={"class": "vTextField", "autocomplete": "off"}),
        help_text=gettext_lazy(
            "Empty: now. Times before now are not made up for when a schedule is new, set going "
            "again or timed anew."
        ),
    )
    people = PeopleField(
        User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("People"),
    )
    roles = forms.MultipleChoiceField(
        choices=Role.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Roles"),
        help_text=gettext_lazy("Everybody who has the role when the report is made."),
    )
    departments = forms.ModelMultipleChoiceField(
        Department.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=gettext_lazy("Departments"),
        help_text=gettext_lazy("Their reporters and heads."),
    )

    class Meta:
        model = ReportSchedule
        fields = (
            *("name", "active", "plans", "policy", "language", "formats"),
            *("rhythm", "weekdays", "days_before", "at", "move_holidays", "starts_at"),
            *_TO_WHOM,
        )
        widgets = {
            "language": forms.RadioSelect,
            "addresses": forms.Textarea(attrs={"rows": 4, "cols": 50, "spellcheck": "false"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = Q(schedules=self.instance) if self.instance.pk else Q()
        people = User.objects.filter(Q(is_active=True) | chosen if chosen else Q(is_active=True))
        if field := self.fields.get("people"):
            field.queryset = people.distinct().order_by("username")  # type: ignore[attr-defined]
        if field := self.fields.get("days_before"):
            field.validators.append(MaxValueValidator(_MOST_DAYS))

    def clean_addresses(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines()]
        faults = [
            _("Line %(line)d: %(address)s is not an e-mail address: correct or delete it.")
            % {"line": number, "address": line}
            for number, line in enumerate(lines, start=1)
            if line and not _is_address(line)
        ]
        if faults:
            raise ValidationError(faults)
        return "\n".join(filter(None, lines))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        on_weekdays = cleaned.get("rhythm") == ReportSchedule.Rhythm.WEEKDAYS
        if on_weekdays and "weekdays" in cleaned and not cleaned["weekdays"]:
            self.add_error("weekdays", _("Choose at least one day of the week."))
        if not any(cleaned.get(name) or name in self.errors for name in _TO_WHOM):
            sentence = _(
                "Nobody receives this report: choose people, roles or departments, or write an "
                "address."
            )
            self.add_error(None, sentence)
        return cleaned


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
