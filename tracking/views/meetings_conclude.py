"""What the chair concludes about a department, or in general: words, a new task, a decision."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.meeting_conclusions import (
    conclude_decision,
    conclude_noted,
    conclude_task,
)
from tracking.actions.refusals import FAULTS
from tracking.actions.steps import newest_entry
from tracking.forms.meetings_conclusions import (
    ConcludedTaskForm,
    NotedForm,
    as_conclusion,
    words_of,
)
from tracking.models import Conclusion, Task
from tracking.models.registers import registers
from tracking.pages.form_faults import number_seen, readable, recorded
from tracking.pages.meetings_item import DECISIONS, next_code
from tracking.pages.task_page import task_shown
from tracking.pages.task_record import TaskRecord
from tracking.pages.task_steps import Step
from tracking.permissions import may_lead_meetings
from tracking.rules.departments import places_taken
from tracking.rules.instants import day_of
from tracking.rules.viewpoint import Viewpoint
from tracking.views.meetings_item import OnItem
from tracking.views.page import PortalPage


class Conclude(OnItem, PortalPage):
    """A form whose words go into the notice."""

    may = staticmethod(may_lead_meetings)
    template_name = "tracking/meetings/conclude.html"
    does: Any = ""

    def make(self, *posted: Any) -> Any:
        """The form, empty or as it was sent."""
        raise NotImplementedError

    def write(self, form: Any) -> Conclusion:
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._shown(self.make())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.make(request.POST)
        if recorded(form, lambda: self.write(form), self.code):
            messages.success(request, _("The conclusion is recorded."))
            return self.after()
        return self._shown(form)

    @property
    def code(self) -> str:
        """Of the task that the form is about."""
        return ""

    def after(self) -> HttpResponse:
        return self.to_item(self.item, "#concluded")

    @property
    def signature(self) -> dict[str, Any]:
        return {"now": self.now, "by": self.person.get_username()}

    def _shown(self, form: Any, **more: Any) -> HttpResponse:
        context = {"title": self.title, "form": form, "item": self.item, "does": self.does, **more}
        return self.render_to_response(self.get_context_data(**context))


class ConcludeNoted(Conclude):
    title = gettext_lazy("Note a conclusion")
    does = gettext_lazy("Words for the notice. No task and no deadline changes by them.")

    def make(self, *posted: Any) -> NotedForm:
        return NotedForm(*posted)

    def write(self, form: NotedForm) -> Conclusion:
        return conclude_noted(
            meeting=self.meeting, item=self.item, text=form.text_said, **self.signature
        )


class ConcludeGenerally(ConcludeNoted):
    """About the whole, not about a department."""

    title = gettext_lazy("Note a general conclusion")

    @cached_property
    def item(self) -> Any:
        return None

    def after(self) -> HttpResponse:
        return self.to_meeting()


class ConcludeTask(Conclude):
    title = gettext_lazy("Assign a new task")
    does = gettext_lazy(
        "Assigns a task to this department, with the notice of conclusions as the document that "
        "says so. It counts from the moment it is assigned."
    )

    def make(self, *posted: Any) -> ConcludedTaskForm:
        return ConcludedTaskForm(
            *posted,
            lead=self.item.department,
            as_of=day_of(self.now),
            initial={"code": next_code(self.meeting)},
        )

    @property
    def code(self) -> str:
        return self.request.POST.get("code", "").strip()

    def write(self, form: ConcludedTaskForm) -> Conclusion:
        given = form.cleaned_data
        return conclude_task(
            item=self.item,
            text=form.text_said,
            task=form.instance,
            assigned_at=given["assigned_at"] or self.now,
            deadline=form.deadline(),
            coordinating=given["coordinating"],
            **self.signature,
        )


class ConcludeDecision(Conclude):
    """A step on one of the tasks of the department; legality and four eyes are the ledger's."""

    record: TaskRecord
    step: Step

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._look()
        return self._shown(self.make(), seen=self.record.seen)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self._look()
        seen = number_seen(request.POST.get("seen"))
        form = self.make(request.POST)
        if recorded(form, lambda: self.write(form), self.code):
            messages.success(request, _("The conclusion is recorded."))
            return self.after()
        if form.overtaken:
            seen = newest_entry(self.record.task)
        return self._shown(form, seen=seen)

    def _look(self) -> None:
        task = task_shown(self.kwargs["task"])
        step = DECISIONS.get(self.kwargs["kind"])
        if task is None or step is None or not self._speaks_about(task):
            raise Http404
        self.step = step
        self.record = TaskRecord(task, self.person, Viewpoint(self.now, self.now, self.now))
        if not self.step.allowed(self.person, self.record.situation, self.now):
            raise PermissionDenied
        self.title, self.does = self.step.label, self.step.does

    def _speaks_about(self, task: Task) -> bool:
        """Its own task by now, one of a department that it took over from, or one on its agenda."""
        situation = TaskRecord(task, self.person, Viewpoint(self.now, self.now, self.now)).situation
        facts = registers().facts
        own = places_taken(self.item.department.code, facts, day_of(self.now))
        return situation.lead in own or task.code in self.item.reasons

    @property
    def code(self) -> str:
        return self.record.task.code

    def make(self, *posted: Any) -> Any:
        seen = number_seen(posted[0].get("seen")) if posted else self.record.seen
        situation = self.record.situation_seen(seen)
        return as_conclusion(self.step.form(*posted, situation=situation, as_of=day_of(self.now)))

    def write(self, form: Any) -> Conclusion:
        office = form.cleaned_data.get("on_behalf_of")
        return conclude_decision(
            item=self.item,
            text=words_of(form),
            task=self.record.task,
            kind=self.step.kind,
            payload=form.payload(),
            effective_at=form.cleaned_data.get("effective_at") or self.now,
            on_behalf_of=office.code if office else "",
            seen=number_seen(self.request.POST.get("seen")),
            **self.signature,
        )

    def _shown(self, form: Any, **more: Any) -> HttpResponse:
        fault = self.step.fault(self.person, self.record.situation, self.now)
        context = {"record": self.record, "step": self.step, "fault": self._fault_told(fault)}
        return super()._shown(form, **context, **more)

    def _fault_told(self, fault: Any) -> str:
        return readable(str(FAULTS[fault]), "") if fault else ""
