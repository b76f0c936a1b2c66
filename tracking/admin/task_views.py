"""The pages behind the buttons: one form, one action, back to the task."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.refusals import FAULTS, Refused
from tracking.actions.steps import newest_entry
from tracking.actions.tasks import assign_task
from tracking.forms.assignment import AssignTaskForm
from tracking.models import KIND_NAMES, Task, User
from tracking.pages.task_page import TaskPage
from tracking.pages.task_steps import Step
from tracking.rules.instants import day_of

FORM_TEMPLATE = "admin/tracking/task/step_form.html"


def back_to(task: Task) -> HttpResponse:
    return redirect("admin:tracking_task_change", task.pk)


def person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # every page requires login
    return request.user


def assign(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    """Assign a new task."""
    now = timezone.now()
    posted = request.POST if request.method == "POST" else None
    form = AssignTaskForm(posted, as_of=day_of(now))

    if form.is_valid():
        by = person(request).get_username()
        task = _try(form, lambda: _assign(form, now, by), form.cleaned_data["code"])
        if task:
            said = _("%(task)s is assigned. Look at what was recorded.") % {"task": task.code}
            messages.success(request, said)
            return back_to(task)
    context = {
        "title": _("Assign a task"),
        "form": form,
        "groups": form.groups(),
        "back": reverse("admin:tracking_task_changelist"),
    }
    return _form_page(request, site, context)


def _assign(form: AssignTaskForm, now: datetime, by: str) -> Task:
    return assign_task(
        task=form.instance,
        assigned_at=form.cleaned_data["assigned_at"] or now,
        now=now,
        by=by,
        deadline=form.deadline(),
        coordinating=form.cleaned_data["coordinating"],
    )


def take_step(
    request: HttpRequest, site: admin.AdminSite, page: TaskPage, step: Step
) -> HttpResponse:
    """Record one step on a task that this person may record."""
    fault = step.fault(page.user, page.situation, page.now)
    if fault and request.method != "POST":
        messages.error(request, f"{step.label}: {FAULTS[fault]}.")
        return back_to(page.task)
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = step.form(*posted, situation=page.situation, as_of=day_of(page.now))
    if form.is_valid() and _try(form, lambda: _write(request, page, step, form), page.task.code):
        recorded = {"kind": KIND_NAMES[step.kind], "task": page.task.code}
        messages.success(request, _("Recorded for %(task)s: %(kind)s.") % recorded)
        return back_to(page.task)
    context = {
        "title": f"{step.label}: {page.task}",
        "form": form,
        "groups": [("", form.visible_fields())],
        "back": reverse("admin:tracking_task_change", args=[page.task.pk]),
        "page": page,
        "step": step,
        "seen": newest_entry(page.task),
        "lead": "" if step.decision else page.lead,
    }
    return _form_page(request, site, context)


def _write(request: HttpRequest, page: TaskPage, step: Step, form: Any) -> object:
    behalf = form.cleaned_data.get("on_behalf_of")
    for_the_lead = "" if step.decision else page.situation.lead
    return step.action(
        task=page.task,
        effective_at=form.cleaned_data["effective_at"] or page.now,
        now=page.now,
        by=page.user.get_username(),
        on_behalf_of=behalf.code if behalf else for_the_lead,
        seen=_number(request.POST.get("seen")),
        **step.arguments(form),
    )


def _number(text: str | None) -> int:
    """Without a number the form was not ours: everything counts as recorded since."""
    return int(text) if text and text.isascii() and text.isdigit() else 0


def _try(form: Any, write: Callable[[], Any], code: str) -> Any:
    """What the action returned; None, with its sentences in the form, when it was refused."""
    try:
        return write()
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, _readable(sentence, code))
        return None


def _readable(sentence: str, code: str) -> str:
    """Without the place that the ledger puts before it: the page names task and step already."""
    place, found, rest = sentence.partition(f"{code}: {code}, ")
    told = rest.partition(": ")[2] if found and not place else sentence
    return f"{told[:1].upper()}{told[1:].rstrip('.')}."


def _form_page(
    request: HttpRequest, site: admin.AdminSite, context: dict[str, Any]
) -> HttpResponse:
    shared = {**site.each_context(request), "opts": Task._meta}
    return TemplateResponse(request, FORM_TEMPLATE, {**shared, **context})
