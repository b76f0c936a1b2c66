"""The register of meetings as a table."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tracking.tables.paged import Paged


class Meetings(Paged):
    """Each row is counted before it is shown."""

    held_at = tables.DateTimeColumn(short=True, verbose_name=_("Held at"))
    title = tables.Column(_("Title"), linkify=("tracking:meeting", {"pk": tables.A("pk")}))
    chair = tables.Column(_("Chaired by"), orderable=False, empty_values=())
    progress_list = tables.Column(_("Progress list"), orderable=False, empty_values=())
    departments = tables.Column(_("Departments that have spoken"), orderable=False)
    concluded = tables.Column(_("Conclusions"), orderable=False)
    state = tables.Column(_("State"), orderable=False)

    class Meta:
        order_by = "-held_at"
        empty_text = _("No meeting was held yet.")

    def render_chair(self, record: Any) -> str:
        under = record.place
        said = record.chair or "–"
        if not under:
            return str(said)
        return format_html('<div>{} <span class="under">{}</span></div>', said, under)

    def render_progress_list(self, record: Any) -> str:
        return str(record.progress_list or "–")

    def render_departments(self, record: Any) -> str:
        return f"{record.spoken}/{record.departments}"

    def render_state(self, record: Any) -> str:
        if record.open and record.past:
            return format_html('<div><span class="tag">{}</span></div>', _("to be closed"))
        return str(record.get_state_display())


class MeetingsAhead(Meetings):
    """The next first."""

    class Meta:
        order_by = "held_at"
        orderable = False
        empty_text = _("No meeting is planned.")
