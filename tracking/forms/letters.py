"""What people choose for a letter, and what they write about its course."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.forms.moments import DayInput
from tracking.models import Department, Letter, LetterKind, Meeting, Partner, ProgressList, Task

# What a kind of letter is about: the field that it cannot do without, and the others.
NEEDS = {
    LetterKind.TO_DEPARTMENT: ("department", ("progress_list", "tasks")),
    LetterKind.ADVICE: ("partner", ("progress_list", "tasks")),
    LetterKind.COVER_REPORT: ("progress_list", ()),
    LetterKind.INVITATION: ("meeting", ()),
    LetterKind.CONCLUSIONS: ("meeting", ()),
}


class ListChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        day = f"{obj.as_of:%d/%m/%Y}"
        return _("%(list)s, as of %(day)s") % {"list": obj, "day": day}


class DraftForm(forms.Form):
    """The fields of a kind of letter, in the order of the page."""

    progress_list = ListChoice(
        ProgressList.objects.standing_ones().only("number", "as_of").order_by("-number"),
        to_field_name="number",
        label=_("Progress list"),
        empty_label=_("none: as things stand today"),
        required=False,
    )
    department = forms.ModelChoiceField(
        Department.objects.all(), to_field_name="code", label=_("Department"), required=False
    )
    partner = forms.ModelChoiceField(
        Partner.objects.all(), to_field_name="code", label=_("Partner"), required=False
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.exclude(state=Meeting.State.CANCELLED), label=_("Meeting"), required=False
    )
    tasks = forms.ModelMultipleChoiceField(
        Task.objects.all(), to_field_name="code", label=_("Tasks"), required=False
    )
    answer_due_on = forms.DateField(
        label=_("Answer asked for by"),
        required=False,
        widget=DayInput(),
        help_text=_("Left empty, the letter asks for no answer."),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed, others = NEEDS[LetterKind(kind)]
        for name in list(self.fields):
            if name not in (needed, *others, "answer_due_on"):
                del self.fields[name]
        self.fields[needed].required = True
        self.order_fields([needed, *others, "answer_due_on"])
        if needed == "progress_list":
            self.fields[needed].empty_label = "---------"  # type: ignore[attr-defined]

    @property
    def shown(self) -> list[Any]:
        """Less the tasks, which the page offers one by one."""
        return [self[name] for name in self.fields if name != "tasks"]


class NothingForm(forms.Form):
    """A step that asks for nothing."""


class IssueForm(forms.Form):
    number = forms.CharField(
        label=_("Number and symbol"),
        max_length=Letter._meta.get_field("number").max_length,
        help_text=_("As it is stamped on the document, such as 934/TTYQG-DA."),
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    dated = forms.DateField(label=_("Date of the document"), widget=DayInput())
    scan = forms.FileField(
        label=_("Signed scan"),
        required=False,
        help_text=_("PDF, PNG or JPEG; it can also be added later."),
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class ScanForm(forms.Form):
    scan = forms.FileField(
        label=_("Signed scan"),
        help_text=_("PDF, PNG or JPEG; kept as it is and never replaced."),
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
    )


class AnswerForm(forms.Form):
    answered_on = forms.DateField(label=_("Answered on"), widget=DayInput())
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=500,
        help_text=_("Such as the number and date of the answer."),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))
