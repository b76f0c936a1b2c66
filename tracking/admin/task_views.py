"""The pages behind the buttons: one form, one action, back to the task."""

from datetime import datetime
from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.refusals import FAULTS
from tracking.actions.steps import newest_entry
from tracking.actions.tasks import assign_task
from tracking.forms.assignment import AssignTaskForm
from tracking.models import KIND_NAMES, Task, User
from tracking.pages.form_faults import attempt, number_seen, recorded
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
        task = attempt(form, lambda: _assign(form, now, by), form.cleaned_data["code"])
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
    seen = number_seen(request.POST.get("seen")) if request.method == "POST" else page.seen
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = step.form(*posted, situation=page.situation_seen(seen), as_of=day_of(page.now))
    if recorded(form, lambda: _write(page, step, form, seen), page.task.code):
        said = {"kind": KIND_NAMES[step.kind], "task": page.task.code}
        messages.success(request, _("Recorded for %(task)s: %(kind)s.") % said)
        return back_to(page.task)
    if form.is_bound and form.overtaken:
        seen = newest_entry(page.task)
    context = {
        "title": f"{step.label}: {page.task}",
        "form": form,
        "groups": [("", form.visible_fields())],
        "back": reverse("admin:tracking_task_change", args=[page.task.pk]),
        "page": page,
        "step": step,
        "seen": seen,
        "lead": "" if step.decision else page.lead,
    }
    return _form_page(request, site, context)


def _write(page: TaskPage, step: Step, form: Any, seen: int) -> object:
    return step.record(form, task=page.task, user=page.user, now=page.now, seen=seen)


def _form_page(
    request: HttpRequest, site: admin.AdminSite, context: dict[str, Any]
) -> HttpResponse:
    shared = {**site.each_context(request), "opts": Task._meta}
    return TemplateResponse(request, FORM_TEMPLATE, {**shared, **context})
