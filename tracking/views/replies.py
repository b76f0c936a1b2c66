"""A department answers its mark; a body answers a wait declared on it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy as _
from django.views.generic import FormView

from tracking.actions.refusals import Refused
from tracking.actions.replies import answer_wait, give_remark, not_marked
from tracking.forms.replies import RemarkForm, WaitAnswerForm
from tracking.models import Department, Event
from tracking.pages.replies import MarkToAnswer, WaitToAnswer, place_of
from tracking.permissions import has_own_work
from tracking.renderers.cells import sentence
from tracking.rules.events import Kind
from tracking.views.page import OnPortal


class Reply(OnPortal, FormView):
    """Shows what is answered and takes the answer; 403 for those who do not write for `body`."""

    may = staticmethod(has_own_work)
    timeless = True
    section = "my-work"

    body: str
    in_place_of: str

    def prepare(self) -> None:
        """Finds what is answered, and `body`, the code of who answers."""
        raise NotImplementedError

    def record(self, given: dict[str, Any]) -> object:
        raise NotImplementedError

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self._admit()
        return super().get(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        self._admit()
        return super().post(request, *args, **kwargs)

    def _admit(self) -> None:
        self.prepare()
        place = place_of(self.person, self.body, self.now)
        if place is None:
            raise PermissionDenied
        self.in_place_of = place

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            self.record(form.cleaned_data)
        except Refused as refusal:
            for told in refusal.sentences:
                form.add_error(None, sentence([told]) + ".")
            return self.form_invalid(form)
        messages.success(self.request, gettext("Your answer is recorded."))
        return super().form_valid(form)

    @property
    def signature(self) -> dict[str, Any]:
        return {
            "now": self.now,
            "by": self.person.get_username(),
            "in_place_of": self.in_place_of,
        }


class GiveRemark(Reply):
    template_name = "tracking/replies/remark.html"
    form_class = RemarkForm
    title = _("Answer the mark")

    def prepare(self) -> None:
        self.department = get_object_or_404(Department, pk=self.kwargs["pk"])
        self.body = self.department.code

    @cached_property
    def mark(self) -> MarkToAnswer:
        return MarkToAnswer(self.department, self.person, self.now)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"reasons": self.mark.reasons}

    def form_invalid(self, form: Any) -> HttpResponse:
        if not self.mark.mark and not form.non_field_errors():
            form.add_error(None, sentence([not_marked(self.department)]) + ".")
        return super().form_invalid(form)

    def record(self, given: dict[str, Any]) -> object:
        return give_remark(department=self.department, **given, **self.signature)

    def get_success_url(self) -> str:
        return reverse("tracking:department", args=[self.department.pk])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            department=self.department,
            mark=self.mark,
            in_place_of=self.in_place_of,
            **kwargs,
        )


class AnswerWait(Reply):
    template_name = "tracking/replies/wait_answer.html"
    form_class = WaitAnswerForm
    title = _("Answer a wait")

    def prepare(self) -> None:
        declared = Event.objects.filter(kind=Kind.BLOCKED).select_related("task", "on_behalf_of")
        event = get_object_or_404(declared, number=self.kwargs["number"])
        self.wait = WaitToAnswer(event, self.now)
        self.body = self.wait.answering

    def record(self, given: dict[str, Any]) -> object:
        return answer_wait(event=self.wait.event, **given, **self.signature)

    def get_success_url(self) -> str:
        return reverse("tracking:my-work")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(wait=self.wait, in_place_of=self.in_place_of, **kwargs)
