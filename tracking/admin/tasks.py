"""The register of tasks: how each stands now, its page, and the steps people record."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import F, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tracking.admin.looked_at import looked_at
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.admin.task_filters import (
    DueFilter,
    LeadFilter,
    PlanFilter,
    RequiredFilter,
    StandingFilter,
)
from tracking.admin.task_views import assign, person, take_step
from tracking.models import Task
from tracking.models.bilingual import reader_language
from tracking.models.remembered import remembered
from tracking.pages.remembered_pages import RememberedPaginator
from tracking.pages.task_page import TaskPage, task_shown, yardstick
from tracking.pages.task_steps import STEPS
from tracking.pages.task_words import CANCELLED
from tracking.renderers.cells import TaskWriter, sentence
from tracking.rules.snapshot import restore
from tracking.rules.standing import judge
from tracking.rules.viewpoint import Viewpoint

_AHEAD_SHOWN = 20


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


class TaskChangeList(ChangeList):
    """Judges the tasks of the page shown, so that the words are those of the rules."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.multi_page:
            self.result_list = self.paginator.page(1).object_list
        then, writer = looked_at(request), TaskWriter(reader_language())
        measure = yardstick(then.at, then.registers)
        for task in self.result_list:
            situation = restore(task.snapshot)
            if not situation.in_scope:
                task.status, task.notes = str(CANCELLED), []
                continue
            judgement = judge(situation, measure)
            line = {
                "standing": str(judgement.standing),
                "flags": judgement.flags,
                "late_calendar_days": judgement.late_calendar_days,
                "late_working_days": judgement.late_working_days,
                "breaches": judgement.breaches,
                "extensions": situation.extensions,
                "extended_late_days": situation.extended_late_days,
            }
            task.status, task.notes = writer.status(line), writer.history(line)


@admin.register(Task)
class TaskAdmin(FoldedSearch, ReadOnlyAdmin):
    list_display = ("code", "title", "plan_code", "lead_now", "due", "standing_now", "notes_now")
    list_filter = (StandingFilter, DueFilter, LeadFilter, RequiredFilter, PlanFilter)
    list_select_related = ("plan",)
    list_per_page = 50
    ordering = ("code",)
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    search_help_text = _("Code or title; accents may be left out.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("tracking.add_task")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Task]:
        """Assigned by now; those announced ahead are named above the table."""
        rows = Task.objects.with_standing(looked_at(request).at)
        return rows.annotate(
            lead_name_en=F("situation__lead__name_en"), snapshot=F("situation__snapshot")
        )

    def get_paginator(
        self,
        request: HttpRequest,
        queryset: QuerySet[Task],
        per_page: int,
        *args: Any,
        **kwargs: Any,
    ) -> RememberedPaginator:
        asked = request.GET.copy()
        asked.pop(PAGE_VAR, None)
        name = ("admin tasks", asked.urlencode())
        return RememberedPaginator(queryset, per_page, then=looked_at(request), name=name)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TaskChangeList

    def get_urls(self) -> list[URLPattern]:
        recording = path(
            "<int:object_id>/record/<slug:kind>/",
            self.admin_site.admin_view(self.record_view),
            name="tracking_task_record",
        )
        return [recording, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        then = looked_at(request)
        assigned = Task.objects.as_of(then.at).values("pk")
        unassigned = Task.objects.exclude(pk__in=assigned)
        ahead = remembered(then, "unassigned", lambda: list(unassigned[:_AHEAD_SHOWN]))
        return super().changelist_view(request, {**(extra_context or {}), "ahead": ahead})

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return assign(request, self.admin_site)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        page = self._page(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": str(page.task),
            "page": page,
        }
        return TemplateResponse(request, "admin/tracking/task/change_form.html", context)

    def record_view(self, request: HttpRequest, object_id: int, kind: str) -> HttpResponse:
        page = self._page(request, str(object_id))
        if kind not in STEPS:
            raise Http404
        step = STEPS[kind]
        if not step.allowed(page.user, page.situation, page.now):
            raise PermissionDenied
        return take_step(request, self.admin_site, page, step)

    def _page(self, request: HttpRequest, object_id: str) -> TaskPage:
        if not self.has_view_permission(request):
            raise PermissionDenied
        task = task_shown(int(object_id)) if _is_key(object_id) else None
        if task is None:
            raise Http404
        now = timezone.now()
        return TaskPage(task, person(request), Viewpoint(now, now, now))

    @admin.display(description=_("title"), ordering="name_vi")
    def title(self, task: Task) -> str:
        return task.name

    @admin.display(description=_("plan"), ordering="plan__code")
    def plan_code(self, task: Task) -> str:
        return task.plan.code

    @admin.display(description=_("lead department"), ordering="lead_code")
    def lead_now(self, task: Any) -> str:
        english = task.lead_name_en if reader_language() == "en" else ""
        return english or task.lead_name

    @admin.display(description=_("deadline"), ordering="due_on")
    def due(self, task: Any) -> date | None:
        due_on: date | None = task.due_on
        return due_on

    @admin.display(description=_("standing now"), ordering="standing")
    def standing_now(self, task: Any) -> str:
        name = task.standing or "out"
        return format_html('<span class="standing standing-{}">{}</span>', name, task.status)

    @admin.display(description=_("of interest"))
    def notes_now(self, task: Any) -> str:
        return sentence(task.notes)
