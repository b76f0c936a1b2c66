"""The queue of what awaits a decision, and the page on which a result is accepted or returned."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Page
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.refusals import FAULTS
from tracking.actions.steps import newest_entry
from tracking.forms.steps import VerdictForm
from tracking.models import TaskSituation
from tracking.models.then import Then
from tracking.pages.form_faults import number_seen, recorded
from tracking.pages.remembered_pages import RememberedPaginator
from tracking.pages.task_page import task_shown
from tracking.pages.task_steps import STEPS
from tracking.pages.verification import Queue, asked, pending
from tracking.pages.verification_page import SubmissionPage
from tracking.permissions import may_decide
from tracking.rules.events import Kind
from tracking.rules.instants import day_of
from tracking.rules.legality import Fault
from tracking.rules.viewpoint import Viewpoint
from tracking.views.page import PortalPage

_ROWS = 50
_SAID = {
    Kind.ACCEPTED: gettext_lazy("Accepted: %(task)s."),
    Kind.RETURNED: gettext_lazy("Returned: %(task)s."),
}


def to_next_request(request: HttpRequest, following: TaskSituation | None) -> HttpResponse:
    """On to the next request, or back to the queue where none is left behind this one."""
    if following is None:
        messages.info(request, _("Nothing behind it awaits your answer."))
        return redirect(f"{reverse('tracking:verification')}#requests")
    messages.info(request, _("Next: %(task)s.") % {"task": following.task})
    granting = reverse("tracking:take-step", args=[following.task.pk, str(Kind.EXTENSION_GRANTED)])
    return redirect(f"{granting}?queue")


class Verification(PortalPage):
    """Results submitted and extensions asked for, the oldest first."""

    template_name = "tracking/verification.html"
    may = staticmethod(may_decide)
    title = gettext_lazy("Verification")
    section = "verification"
    timeless = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        submissions = self._page(pending(self.now), "page")
        requests = self._page(asked(self.now), "requests")
        queue = Queue(self.person, self._then)
        return super().get_context_data(
            submissions=queue.submissions(submissions),
            submissions_page=submissions,
            requests=queue.requests(requests),
            requests_page=requests,
            **kwargs,
        )

    @cached_property
    def _then(self) -> Then:
        return Then(self.now)

    def _page(self, rows: QuerySet[TaskSituation], name: str) -> Page[TaskSituation]:
        """`name`: of what the address says which page it is."""
        waiting = RememberedPaginator(rows, _ROWS, then=self._then, name=("waiting", name))
        return waiting.get_page(self.request.GET.get(name))


class Verify(PortalPage):
    """One of the queue; after it the next one."""

    template_name = "tracking/verification_page.html"
    may = staticmethod(may_decide)
    section = "verification"
    timeless = True

    page: SubmissionPage

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._look()
        if self.page.submission is None:
            said = {"task": self.page.task.code}
            messages.info(request, _("%(task)s: no submission awaits verification.") % said)
            return redirect("tracking:verification")
        return self._shown(self._form(self.page.seen), self.page.seen)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._look()
        seen = number_seen(request.POST.get("seen"))
        form = self._form(seen, request.POST)
        following = self.page.following  # found before this one leaves the queue
        if recorded(form, lambda: self._write(form, seen), self._code):
            return self._next(Kind(form.cleaned_data["verdict"]), following)
        if form.overtaken:
            seen = newest_entry(self.page.task)
        return self._shown(form, seen)

    def _look(self) -> None:
        task = task_shown(self.kwargs["pk"])
        if task is None:
            raise Http404
        self.page = SubmissionPage(task, self.person, Viewpoint(self.now, self.now, self.now))

    @property
    def _code(self) -> str:
        return self.page.task.code

    def _form(self, seen: int, *posted: Any) -> VerdictForm:
        situation = self.page.situation_seen(seen)
        return VerdictForm(*posted, situation=situation, as_of=day_of(self.now))

    def _write(self, form: VerdictForm, seen: int) -> object:
        step = STEPS[form.cleaned_data["verdict"]]
        return step.record(form, task=self.page.task, user=self.person, now=self.now, seen=seen)

    def _next(self, verdict: Kind, following: TaskSituation | None) -> HttpResponse:
        messages.success(self.request, _SAID[verdict] % {"task": self._code})
        if following is None:
            messages.info(self.request, _("Nothing behind it awaits your verification."))
            return redirect("tracking:verification")
        messages.info(self.request, _("Next: %(task)s.") % {"task": following.task})
        return redirect("tracking:verify", following.task.pk)

    def _shown(self, form: VerdictForm, seen: int) -> HttpResponse:
        title = _("Verify: %(task)s") % {"task": self.page.task}
        context = {"form": form, "seen": seen, "page": self.page}
        hindrance = str(FAULTS[Fault.OWN_SUBMISSION]) if self.page.own else ""
        context["hindrance"] = f"{hindrance[:1].upper()}{hindrance[1:]}"
        return self.render_to_response(self.get_context_data(title=title, **context))
