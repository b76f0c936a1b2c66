"""The list of tasks, and the same as a file."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _, gettext_lazy
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from tracking.filters.task_list import TaskFilters
from tracking.models import SavedView
from tracking.pages.bulk import kinds_offered
from tracking.pages.task_export import TooMany, asked_in_words, file_name, task_file
from tracking.pages.task_list import PER_PAGE, TaskList as Tasks
from tracking.permissions import may_decide, may_keep_views
from tracking.renderers.tags import standing
from tracking.renderers.task_export import FORMS
from tracking.tables.task_list import Looks, TaskTable
from tracking.views.page import OnPortal

_WHOLE, _PART = "tracking/task_list.html", "tracking/task_list_rows.html"


class TaskList(OnPortal, SingleTableMixin, FilterView):
    """Without a script a form and a page; with one only the rows are fetched."""

    title = gettext_lazy("Tasks")
    section = "tasks"
    table_class = TaskTable
    filterset_class = TaskFilters
    table_pagination: Mapping[str, int] = {"per_page": PER_PAGE}

    @cached_property
    def tasks(self) -> Tasks:
        return Tasks(self.request.GET, self.viewpoint)

    def get_filterset(self, filterset_class: Any) -> Any:
        return self.tasks.filters

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = super().get(request, *args, **kwargs)
        patch_vary_headers(response, ["HX-Request"])
        if self._part_only:
            # What the form sends is long; what is asked is short.
            response["HX-Push-Url"] = f"?{self._address(page=True)}"
        return response

    @property
    def _part_only(self) -> bool:
        htmx = self.request.htmx  # type: ignore[attr-defined]
        return bool(htmx) and not htmx.history_restore_request

    def _address(self, *, page: bool = False) -> str:
        """What is asked, and from when it is looked at."""
        names = ("as_of", "known_at", "page") if page else ("as_of", "known_at")
        query = self.request.GET
        looked = [(name, query[name]) for name in names if query.get(name)]
        return urlencode([*self.tasks.asked, *looked], doseq=True)

    def get_template_names(self) -> list[str]:
        return [_PART if self._part_only else _WHOLE]

    def get_table_data(self) -> Any:
        return self.tasks.rows

    def get_table_kwargs(self) -> dict[str, Any]:
        order = self.tasks.filters.order if self.tasks.sound else ()
        return {
            "shown": self.tasks.columns,
            "order_by": order,
            "looks": Looks(self._task_address, standing),
            "ticks": bool(self._kinds()),
        }

    def _task_address(self, key: int) -> str:
        query = self.viewpoint.query
        address = reverse("tracking:task", args=[key])
        return f"{address}?{query}" if query else address

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **{
                "tasks": self.tasks,
                "form": self.tasks.filters.form,
                "address": self._address(),
                "asked": list(asked_in_words(self.tasks)) if self.tasks.sound else [],
                "views": SavedView.objects.offered_to(self.person),
                "forms": [(name, form.label) for name, form in FORMS.items()],
                "may_keep_views": may_keep_views(self.person),
                "kinds": self._kinds(),
                **kwargs,
            }
        )

    def _kinds(self) -> list[Any]:
        """Decisions on many tasks are taken on what holds now, not on another day."""
        if self.viewpoint.chosen or not may_decide(self.person):
            return []
        return kinds_offered()


class TaskExport(OnPortal):
    """Exactly what the page shows, all pages of it."""

    def get(self, request: HttpRequest, form: str) -> HttpResponse:
        if form not in FORMS:
            raise Http404
        tasks = Tasks(request.GET, self.viewpoint)
        if not tasks.sound:
            messages.error(request, _("No file was made: correct what the filters say first."))
            return self._back(request.GET)
        try:
            content = task_file(tasks, form)
        except TooMany as too_many:
            messages.error(request, str(too_many))
            return self._back(request.GET)
        name = file_name(self.viewpoint, form)
        return HttpResponse(
            content,
            headers={
                "Content-Type": FORMS[form].content_type,
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
            },
        )

    def _back(self, query: QueryDict) -> HttpResponse:
        return redirect(f"{reverse('tracking:task-list')}?{query.urlencode()}")
