"""The words of each kind of letter, kept by the operators: checked when they are saved, with the
fields that they may name and how the letter reads."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tracking.admin.read_only import KeptAdmin
from tracking.models import LetterKind, LetterTemplate
from tracking.pages.letter_templates import TemplatePage, by_default, faults_by_part

_HELP = {
    "subject": _(
        "What stands after “V/v” in an official letter, and under the title of the others."
    ),
    "addressee": _("After “Kính gửi:”; several with a semicolon between. Empty: to nobody."),
    "body": _(
        "A line is a paragraph. One that begins with “# ” is a heading, with “- ” an item. A line "
        "of which a field is empty is left out whole. The end mark is added where it is missing."
    ),
    "recipients": _("Under “Nơi nhận:”, the last for the archive."),
    "position": _("In capitals, without a name: the portal signs nothing."),
}


class TemplateForm(forms.ModelForm):
    class Meta:
        model = LetterTemplate
        fields = ("kind", "subject", "addressee", "body", "recipients", "position")
        labels = {"subject": _("Subject")}
        help_texts = _HELP
        widgets = {
            "subject": forms.TextInput({"class": "vLargeTextField"}),
            "addressee": forms.TextInput({"class": "vLargeTextField"}),
            "body": forms.Textarea({"rows": 18, "class": "vLargeTextField"}),
            "recipients": forms.Textarea({"rows": 5, "class": "vLargeTextField"}),
        }

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind") or self.instance.kind
        for part, sentence in faults_by_part(kind, cleaned):
            self.add_error(part if part in self.fields else None, sentence)
        return cleaned


@admin.register(LetterTemplate)
class LetterTemplateAdmin(KeptAdmin):
    form = TemplateForm
    fixed_fields = ("kind",)
    list_display = ("kind", "subject", "position")
    change_form_template = "admin/tracking/lettertemplate/change_form.html"

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The words that the portal comes with, of the kind that the address names."""
        kind = request.GET.get("kind", "")
        return by_default(kind) if kind in LetterKind.values else {}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> Any:
        row = kwargs.get("obj")
        kind = row.kind if row else request.POST.get("kind") or request.GET.get("kind", "")
        context["page"] = TemplatePage(kind, row) if kind in LetterKind.values else None
        context["kinds"] = [] if row else LetterKind.choices
        return super().render_change_form(request, context, *args, **kwargs)
