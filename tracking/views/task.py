"""The page of a task, the form behind each of its buttons, and its evidence files."""

from functools import cached_property
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.refusals import FAULTS, Refused
from tracking.actions.steps import newest_entry
from tracking.models import KIND_NAMES, Evidence, TaskSituation
from tracking.pages.evidence_file import evidence_file
from tracking.pages.form_faults import number_seen, recorded
from tracking.pages.task_page import task_shown
from tracking.pages.task_record import TaskRecord
from tracking.pages.task_steps import STEPS, Step
from tracking.pages.verification import asked, next_asked
from tracking.rules.events import Kind
from tracking.rules.instants import day_of
from tracking.rules.legality import DECISIONS_ON_REQUEST
from tracking.rules.viewpoint import Viewpoint
from tracking.views.page import OnPortal, PortalPage
from tracking.views.verification import to_next_request


class TaskDetail(PortalPage):
    """The task as at (T, K); its buttons stand there while now is looked at."""

    template_name = "tracking/task.html"
    section = "tasks"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        task = task_shown(self.kwargs["pk"])
        if task is None:
            raise Http404
        page = TaskRecord(task, self.person, self.viewpoint)
        return super().get_context_data(title=str(task), page=page, **kwargs)


class TakeStep(PortalPage):
    """What a step does and does not do, and its form."""

    template_name = "tracking/task_step.html"
    section = "tasks"
    timeless = True

    page: TaskRecord
    step: Step

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._look()
        fault = self.step.fault(self.person, self.page.situation, self.now)
        if fault:
            messages.error(request, f"{self.step.label}: {FAULTS[fault]}.")
            return redirect("tracking:task", self.page.task.pk)
        if self._in_queue and self.page.situation.request is None:
            said = {"task": self._code}
            messages.info(request, _("%(task)s: no request awaits a decision.") % said)
            return redirect("tracking:verification")
        return self._shown(self._form(self.page.seen), self.page.seen)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        seen = number_seen(request.POST.get("seen"))
        self._look(seen)
        form = self._form(seen, request.POST, request.FILES)
        following = self._following  # found before this one leaves the queue
        written = recorded(form, lambda: self._write(form, seen), self._code)
        if written:
            return self._recorded(written, following)
        if form.overtaken:
            seen = newest_entry(self.page.task)
        return self._refused(form, seen)

    def _look(self, seen: int | None = None) -> None:
        """The task as it is now, whatever day the address names. Whoever might record the step on
        what they saw is told what changed since, and keeps the text: the action refuses."""
        task = task_shown(self.kwargs["pk"])
        if task is None or self.kwargs["kind"] not in STEPS:
            raise Http404
        self.page = TaskRecord(task, self.person, Viewpoint(self.now, self.now, self.now))
        self.step = STEPS[self.kwargs["kind"]]
        shown = [] if seen is None else [self.page.situation_seen(seen)]
        situations = (self.page.situation, *shown)
        if not any(self.step.allowed(self.person, held, self.now) for held in situations):
            raise PermissionDenied

    @property
    def _code(self) -> str:
        return self.page.task.code

    def _form(self, seen: int, *posted: Any) -> Any:
        situation = self.page.situation_seen(seen)
        return self.step.form(*posted, situation=situation, as_of=day_of(self.now))

    def _write(self, form: Any, seen: int) -> object:
        return self.step.record(
            form, task=self.page.task, user=self.person, now=self.now, seen=seen
        )

    @property
    def _in_queue(self) -> bool:
        """Whether it was opened from the queue of requests, to go through them one by one."""
        return "queue" in self.request.GET and self.step.kind in DECISIONS_ON_REQUEST

    @cached_property
    def _following(self) -> TaskSituation | None:
        """The next request that this person may answer; None outside the queue."""
        if not self._in_queue:
            return None
        row = asked(self.now).filter(task=self.page.task).first()
        return next_asked(row, self.person, self.now)

    def _recorded(self, written: Any, following: TaskSituation | None) -> HttpResponse:
        said = {"kind": KIND_NAMES[self.step.kind], "task": self._code}
        address = reverse("tracking:task", args=[self.page.task.pk])
        messages.success(self.request, _("Recorded for %(task)s: %(kind)s.") % said)
        if self._in_queue:
            return to_next_request(self.request, following)
        if not self._wants_json:
            return HttpResponseRedirect(address)
        kept = {"sha256": written.sha256, "name": written.name, "size": written.size}
        return JsonResponse({**kept, "address": address})

    def _refused(self, form: Any, seen: int) -> HttpResponse:
        if not self._wants_json:
            return self._shown(form, seen)
        sentences = [str(fault) for faults in form.errors.values() for fault in faults]
        return JsonResponse({"sentences": sentences, "seen": seen}, status=422)

    @property
    def _wants_json(self) -> bool:
        """The script that uploads a file asks for it."""
        asked = self.request.headers.get("Accept") == "application/json"
        return asked and self.step.kind is Kind.EVIDENCE_RECORDED

    def _shown(self, form: Any, seen: int) -> HttpResponse:
        title = f"{self.step.label}: {self.page.task}"
        context = {"form": form, "seen": seen, "page": self.page, "step": self.step}
        context |= {"in_queue": self._in_queue, "following": self._following}
        context["limit"] = settings.EVIDENCE_MAX_BYTES
        context["limit_mb"] = settings.EVIDENCE_MAX_BYTES // 1_000_000
        return self.render_to_response(self.get_context_data(title=title, **context))


class EvidenceFile(OnPortal):
    """The download; a sentence where the file is gone or was altered."""

    title = gettext_lazy("Evidence file")
    section = "tasks"
    timeless = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
        evidence = get_object_or_404(Evidence.objects.select_related("event__task"), pk=pk)
        try:
            return evidence_file(evidence)
        except Refused as refused:
            context = self.get_context_data(evidence=evidence, sentences=refused.sentences)
            return render(request, "tracking/task_evidence_gone.html", context, status=404)
