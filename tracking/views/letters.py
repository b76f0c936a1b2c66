"""Letters: their register, each with its course, its files, and one that is being drafted."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from tracking.actions.refusals import Refused
from tracking.filters.letters import LetterFilter
from tracking.forms.letters import NEEDS, DraftForm
from tracking.models import Letter, LetterKind
from tracking.pages.letter_files import letter_file, scan_file
from tracking.pages.letter_steps import STEPS
from tracking.pages.letters import DraftPage, LetterPage, answer_day, refusals_on
from tracking.permissions import (
    may_draft_letters,
    may_view_letters,
    may_view_lists,
    may_view_meetings,
    may_view_work,
)
from tracking.rules.instants import day_of
from tracking.tables.letters import Letters
from tracking.views.page import OnPortal, PortalPage


class OnLetters(OnPortal):
    """A letter says what was known when it was drafted: these pages show no other day."""

    may = staticmethod(may_view_letters)
    section = "letters"
    timeless = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            may_draft=may_draft_letters(self.person),
            may_view_work=may_view_work(self.person),
            may_view_lists=may_view_lists(self.person),
            may_view_meetings=may_view_meetings(self.person),
            **kwargs,
        )


class LetterList(OnLetters, SingleTableMixin, FilterView):
    template_name = "tracking/letters/register.html"
    title = _("Letters")
    model = Letter
    table_class = Letters
    filterset_class = LetterFilter
    paginate_by = 20

    def get_queryset(self) -> Any:
        return Letter.objects.all().registered()

    def get_filterset_kwargs(self, filterset_class: Any) -> dict[str, Any]:
        return {**super().get_filterset_kwargs(filterset_class), "today": day_of(self.now)}

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"today": day_of(self.now)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        late = Letter.objects.all().overdue_answers(day_of(self.now)).count()
        return super().get_context_data(kinds=LetterKind.choices, late=late, **kwargs)


class DraftLetter(OnLetters, PortalPage):
    """Choosing and looking change nothing and are kept in the address; drafting is a button."""

    may = staticmethod(may_draft_letters)
    template_name = "tracking/letters/draft.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        carried = request.GET.getlist("tasks")
        page = DraftPage(self._kind, self._form(request.GET), self.now, carried)
        page.look()
        return self._shown(page)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = DraftPage(self._kind, DraftForm(request.POST, kind=self._kind), self.now)
        letter = page.draft(self.person.get_username())
        if letter is None:
            return self._shown(page)
        messages.success(request, gettext("The letter is drafted."))
        return HttpResponseRedirect(reverse("tracking:letter", args=[letter.pk]))

    @property
    def _kind(self) -> str:
        kind: str = self.kwargs["kind"]
        if kind not in LetterKind.values:
            raise Http404
        return kind

    def _form(self, asked: Any) -> DraftForm:
        """Links to this page leave the day of the answer to it, and perhaps more."""
        proposed = ""
        if self._kind == LetterKind.TO_DEPARTMENT:
            proposed = answer_day(day_of(self.now)).isoformat()
        if not asked.get(NEEDS[LetterKind(self._kind)][0]):
            return DraftForm(kind=self._kind, initial={**asked.dict(), "answer_due_on": proposed})
        given = asked.copy()
        given.setdefault("answer_due_on", proposed)
        return DraftForm(given, kind=self._kind)

    def _shown(self, page: DraftPage) -> HttpResponse:
        title = gettext("Draft: %(kind)s") % {"kind": page.kind.label}
        return self.render_to_response(self.get_context_data(title=title, page=page))


class LetterDetail(OnLetters, PortalPage):
    """What it says, where it is in its course, and the forms of the next steps."""

    template_name = "tracking/letters/letter.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.shown(LetterPage(found(kwargs["pk"]), self.person, self.now))

    def shown(self, page: LetterPage) -> HttpResponse:
        title = str(page.letter)
        return self.render_to_response(self.get_context_data(title=title, page=page))


class TakeLetterStep(LetterDetail):
    """A step of the course; the page of the letter with the form where it was refused."""

    http_method_names = ["get", "head", "post", "options"]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("tracking:letter", args=[kwargs["pk"]]))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        letter, step = found(kwargs["pk"]), STEPS.get(kwargs["step"])
        if step is None:
            raise Http404
        if not step.may(self.person):
            raise PermissionDenied
        form = step.form(request.POST, request.FILES, prefix=step.name)
        by = self.person.get_username()
        taken = None
        if form.is_valid():
            given = form.cleaned_data
            taken = refusals_on(form, lambda: step.record(letter, given, self.now, by))
        if taken is not None:
            messages.success(request, gettext("Recorded: %(step)s.") % {"step": step.label})
            return self.get(request, *args, **kwargs)
        return self.shown(LetterPage(letter, self.person, self.now, (step.name, form)))


class LetterFile(OnLetters):
    """The letter as DOCX or PDF."""

    def get(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        return letter_file(found(pk), form)


class LetterScan(OnLetters):
    """The signed scan; a sentence where it is gone or was altered."""

    title = _("Signed scan")

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        letter = found(pk)
        try:
            return scan_file(letter)
        except Refused as refused:
            context = self.get_context_data(letter=letter, sentences=refused.sentences)
            return render(request, "tracking/letters/scan_gone.html", context, status=404)


def found(pk: int) -> Letter:
    related = ("department", "partner", "progress_list", "meeting")
    lighter = Letter.objects.select_related(*related).defer("progress_list__content")
    return get_object_or_404(lighter, pk=pk)
