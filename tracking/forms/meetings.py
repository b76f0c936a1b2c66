"""Forms that plan a meeting, prepare its agenda and end it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.forms.deadlines import WITHIN_REASON
from tracking.forms.instant import FIRST_DAY, LAST_DAY
from tracking.forms.moments import DayInput, MomentWidget
from tracking.models import Department, Meeting
from tracking.rules.instants import day_of


class MeetingForm(forms.Form):
    """What, when, where and who leads it."""

    required_css_class = "required"

    title = forms.CharField(label=_("Title"), max_length=300)
    held_at = forms.SplitDateTimeField(label=_("Held at"), widget=MomentWidget)
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    chair = forms.CharField(
        label=_("Chaired by"),
        max_length=200,
        required=False,
        help_text=_("A post, such as “Thứ trưởng Bộ Y tế”; never the name of a person."),
    )

    def clean_held_at(self) -> Any:
        held_at = self.cleaned_data["held_at"]
        if not FIRST_DAY <= day_of(held_at) <= LAST_DAY:
            raise forms.ValidationError(_("Give an instant between the years 2000 and 2199."))
        return held_at

    @classmethod
    def of(cls, meeting: Meeting, posted: Any = None) -> "MeetingForm":
        names = ("title", "held_at", "place", "chair")
        return cls(posted, initial={name: getattr(meeting, name) for name in names})


class PrepareForm(forms.Form):
    """`lists`: (number, words) of those to choose from, the newest first."""

    number = forms.TypedChoiceField(label=_("Progress list"), coerce=int)

    def __init__(self, *args: Any, lists: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["number"]
        field.choices = lists


class AddDepartmentForm(forms.Form):
    """One that no list puts on the agenda."""

    department = forms.ModelChoiceField(
        Department.objects.none(), to_field_name="code", label=_("Department")
    )
    why = forms.CharField(
        label=_("What it is to speak about"),
        max_length=500,
        required=False,
        help_text=_("Such as coordination or a contradiction; it begins the notes."),
    )

    def __init__(self, *args: Any, as_of: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["department"]
        field.queryset = Department.objects.active(as_of)


class AgendaStepForm(forms.Form):
    """A button beside a line of the agenda. `seen`: its place when the page was opened."""

    item = forms.IntegerField(min_value=1)
    seen = forms.IntegerField(min_value=0)
    step = forms.ChoiceField(choices=[("up", ""), ("down", ""), ("remove", "")])


class CancelMeetingForm(forms.Form):
    required_css_class = "required"

    reason = forms.CharField(label=_("Reason"), max_length=2000, widget=forms.Textarea({"rows": 3}))


class CloseMeetingForm(forms.Form):
    """Nothing to fill in: the page says what stays open, the button says yes."""


class NoticeForm(forms.Form):
    required_css_class = "required"

    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=100,
        help_text=_("As it is stamped on the notice."),
    )
    dated = forms.DateField(
        label=_("Date of the document"), widget=DayInput, validators=WITHIN_REASON
    )
