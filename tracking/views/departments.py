"""The departments: all of them as a table, and one of them in full."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext, gettext_lazy as _
from django_tables2 import SingleTableView

from tracking.models import Department
from tracking.models.then import Then
from tracking.pages.department import DepartmentPage
from tracking.pages.department_list import DepartmentRow, department_rows
from tracking.tables.departments import DepartmentTable
from tracking.views.page import OnPortal, PortalPage


class DepartmentList(OnPortal, SingleTableView):
    template_name = "tracking/department_list.html"
    title = _("Departments")
    section = "departments"
    table_class = DepartmentTable

    @cached_property
    def then(self) -> Then:
        return Then.of(self.viewpoint)

    @cached_property
    def rows(self) -> list[DepartmentRow]:
        return department_rows(self.then)

    def get_queryset(self) -> Any:
        return self.rows

    def get_table_kwargs(self) -> dict[str, Any]:
        return {"caption": self._caption()}

    def _caption(self) -> str:
        marked = sum(row.card.marked for row in self.rows)
        return gettext("%(marked)d of %(departments)d departments are marked.") % {
            "marked": marked,
            "departments": len(self.rows),
        }


class DepartmentDetail(PortalPage):
    template_name = "tracking/department.html"
    section = "departments"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        department = get_object_or_404(Department, pk=self.kwargs["pk"])
        page = DepartmentPage(department, self.person, self.viewpoint)
        return super().get_context_data(title=department.name, page=page, **kwargs)
