"""The forms with which those concerned answer."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.models import WaitAnswer


def _text(label: Any, help_text: Any, *, required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=1000,
        help_text=help_text,
        widget=forms.Textarea({"rows": 5}),
    )


class RemarkForm(forms.Form):
    """`reasons`: (code, sentence) of the tasks that mark the department now."""

    tasks = forms.MultipleChoiceField(
        label=_("Tasks that the remark answers"), widget=forms.CheckboxSelectMultiple
    )
    text = _text(_("Remark"), _("At most 1,000 characters; printed as it is written."))

    def __init__(self, *args: Any, reasons: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["tasks"]
        field.choices = reasons
        self.initial.setdefault("tasks", [code for code, _sentence in reasons])


class WaitAnswerForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (WaitAnswer.Answer.CONFIRMED, _("Confirm: the task does wait for this")),
            (WaitAnswer.Answer.DISPUTED, _("Dispute: the task does not wait for this")),
        ],
        widget=forms.RadioSelect,
    )
    text = _text(
        _("Reason"),
        _("Needed when you dispute: what was delivered and when, or whom the task waits for."),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        disputed = cleaned.get("answer") == WaitAnswer.Answer.DISPUTED
        if disputed and not self.errors and not cleaned.get("text"):
            self.add_error("text", _("Write why you dispute it."))
        return cleaned
