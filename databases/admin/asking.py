"""One form, one action, back to where one came from: the pages behind the buttons."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _

from databases.pages.probe_words import sentence
from tracking.actions.refusals import Refused
from tracking.admin.pages import PagesAdmin

_WORD = re.compile(r"[\w.$-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Question:
    """What the page is called, what pressing the button does, and where it leads back to."""

    title: str
    says: Sequence[object]
    button: object
    back: str


class AskingAdmin(PagesAdmin):
    def ask(
        self,
        request: HttpRequest,
        question: Question,
        form: Form,
        write: Callable[[], str],
        *,
        template: str = "admin/databases/asking.html",
        **context: Any,
    ) -> HttpResponse:
        """The form until it is sound; then what it asks for. `write` returns what was done as a
        sentence; a refusal stands in the form, and nothing is written."""
        if request.method == "POST" and form.is_valid():
            try:
                messages.success(request, write())
                return HttpResponseRedirect(question.back)
            except Refused as refused:
                for text in refused.sentences:
                    form.add_error(*_placed(form, text))
        shown: Any = form
        shown.required_css_class = "required"
        return self.page(request, template, question.title, form=form, question=question, **context)


class NothingForm(Form):
    """A page that asks nothing but whether."""


def sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def by(request: HttpRequest) -> str:
    return request.user.get_username()


def require(allowed: bool) -> None:
    if not allowed:
        raise PermissionDenied


def _placed(form: Form, text: str) -> tuple[str | None, str]:
    """A refusal that begins with the name or the label of a field stands beside that field. Any
    other single word names a field within the specification, where a form asks for one."""
    name, colon, rest = text.partition(": ")
    if not colon:
        return None, sentence(text)
    if name in form.fields:
        return name, sentence(rest)
    if "spec" in form.fields and _WORD.fullmatch(name):
        return "spec", f"{text.rstrip('.')}."
    for field, asked in form.fields.items():
        if str(asked.label).lower().startswith(name):
            return field, sentence(rest)
    return None, sentence(text)


def told_refusal(request: HttpRequest, refused: Refused) -> None:
    for text in refused.sentences:
        messages.error(request, _("Nothing was done. %s") % sentence(text))
