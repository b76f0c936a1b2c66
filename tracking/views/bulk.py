"""One decision on many tasks: the form, the preview, and all of it or nothing."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.generic import TemplateView

from tracking.actions.bulk import decide_many
from tracking.actions.refusals import Refused
from tracking.forms.bulk import ChosenTasks, decision_form
from tracking.pages.bulk import MOST, decision_of, kinds_offered, preview, tasks_of
from tracking.pages.task_list import TaskList
from tracking.pages.task_steps import Step
from tracking.permissions import may_decide
from tracking.rules.instants import day_of
from tracking.rules.viewpoint import Viewpoint
from tracking.views.page import OnPortal

_OWN = ("task", "kind", "all")


class DecideMany(OnPortal, TemplateView):
    """GET: tasks ticked (`task`), or all that fit a question (`all`), and the kind of decision.
    POST: `stage` says whether to look at the form again, at the preview, or to record."""

    may = staticmethod(may_decide)
    title = gettext_lazy("Decide on several tasks")
    section = "tasks"
    timeless = True
    template_name = "tracking/bulk_form.html"

    @cached_property
    def step(self) -> Step | None:
        kind = (self.request.POST or self.request.GET).get("kind")
        return next((step for step in kinds_offered() if step.kind == kind), None)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.step is None:
            return self._back(_("Choose what to decide."))
        keys = self._asked(request.GET)
        if isinstance(keys, str):
            return self._back(keys)
        return self._form(self.step, keys, None)

    def post(self, request: HttpRequest) -> HttpResponse:
        chosen = ChosenTasks(request.POST)
        if self.step is None or not chosen.is_valid():
            return self._back(_("Nothing was recorded: choose the tasks and the decision again."))
        keys = chosen.cleaned_data["tasks"]
        form = decision_form(self.step.form, request.POST, day_of(self.now))
        stage = request.POST.get("stage")
        if stage == "form" or not form.is_valid():
            return self._form(self.step, keys, form)
        if stage == "record":
            return self._record(self.step, chosen.cleaned_data, form)
        return self._preview(self.step, keys, form)

    def _asked(self, query: QueryDict) -> list[int] | str:
        """The keys of the tasks; a sentence when there are none, or too many."""
        if query.get("all"):
            question = query.copy()
            for name in _OWN:
                question.pop(name, None)
            now = Viewpoint(self.now, self.now, self.now)
            rows = TaskList(question, now).rows
            if len(rows) > MOST:
                return _too_many(len(rows))
            keys = [candidate.key for candidate in rows.candidates(slice(None))]
        else:
            keys = [int(key) for key in query.getlist("task") if _is_key(key)]
        return keys or _("Choose at least one task.")

    def _form(self, step: Step, keys: list[int], form: Any) -> HttpResponse:
        tasks = tasks_of(keys)
        if not tasks:
            return self._back(_("Choose at least one task."))
        return self._page(
            "tracking/bulk_form.html",
            step,
            form=form or decision_form(step.form, None, day_of(self.now)),
            tasks=tasks,
            keys=",".join(str(task.pk) for task in tasks),
        )

    def _preview(self, step: Step, keys: list[int], form: Any, refusals: Any = ()) -> HttpResponse:
        tasks = tasks_of(keys)
        if len(tasks) > MOST:
            return self._back(_too_many(len(tasks)))
        decision = decision_of(step, form, self.now, self.person.get_username())
        return self._page(
            "tracking/bulk_preview.html",
            step,
            form=form,
            preview=preview(tasks, decision, self.now),
            decision=decision,
            keys=",".join(str(task.pk) for task in tasks),
            refusals=refusals,
        )

    def _record(self, step: Step, chosen: Mapping[str, Any], form: Any) -> HttpResponse:
        decision = decision_of(step, form, self.now, self.person.get_username())
        try:
            written = decide_many(
                tasks=tasks_of(chosen["allowed"]),
                decision=decision,
                now=self.now,
                seen=chosen["seen"] or 0,
            )
        except Refused as refused:
            return self._preview(step, chosen["tasks"], form, refused.sentences)
        said = ngettext(
            "%(decision)s: recorded for %(count)d task.",
            "%(decision)s: recorded for %(count)d tasks.",
            len(written),
        )
        messages.success(self.request, said % {"decision": step.label, "count": len(written)})
        return redirect("tracking:task-list")

    def _page(self, template: str, step: Step, **context: Any) -> HttpResponse:
        self.template_name = template
        return self.render_to_response(self.get_context_data(step=step, **context))

    def _back(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return redirect("tracking:task-list")


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 18


def _too_many(count: int) -> str:
    return _(
        "These are %(count)d tasks; one decision is taken on at most %(most)d: filter further."
    ) % {"count": count, "most": MOST}
