"""The table of departments: who is marked, and how much of the work is done."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tracking.tables.paged import Paged

_NUMBER = {"td": {"class": "number"}, "th": {"class": "number"}}


def _number(label: Any, accessor: str, **options: Any) -> tables.Column:
    return tables.Column(verbose_name=label, accessor=accessor, attrs=_NUMBER, **options)


class DepartmentTable(Paged):
    """Given rows of pages.department_list in protocol order."""

    place = _number(_("No."), "place")
    name = tables.TemplateColumn(
        verbose_name=_("Department"),
        template_name="tracking/department_name_cell.html",
        order_by="department__sort",
    )
    reasons = tables.Column(_("Mark"), accessor="mark", order_by="card__reasons", default="")
    overdue = _number(_("Overdue"), "card__counts__overdue")
    in_time = _number(_("Within deadline"), "card__counts__in_time")
    completed = _number(_("Completed"), "completed", order_by="completed_share")
    on_time = _number(_("On time of those due"), "on_time", order_by="on_time_share")
    extensions = _number(_("Extensions"), "card__extensions")
    waiting = _number(_("Waiting days"), "card__waiting_days")

    class Meta:
        order_by = "place"
        per_page = 50
        empty_text = _("No department was active on that day.")

    def __init__(self, *args: Any, caption: str = "", **kwargs: Any) -> None:
        self.caption = caption
        super().__init__(*args, **kwargs)

    def render_reasons(self, value: str) -> SafeString:
        return format_html('<span class="word unbroken">{}</span>', value)
