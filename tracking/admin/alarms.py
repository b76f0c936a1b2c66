"""What the watch noticed of the portal itself, and to whom it told it; to read."""

from django.contrib import admin
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from tracking.admin.read_only import ReadOnlyAdmin
from tracking.models import Alarm

_SHOWN = 50


@admin.register(Alarm)
class AlarmAdmin(ReadOnlyAdmin):
    list_display = ("opened_at", "alarm", "why", "ended_at")
    list_display_links = ("opened_at", "alarm")
    list_filter = ("kind", ("ended_at", admin.EmptyFieldListFilter))
    search_fields = ("subject",)
    date_hierarchy = "opened_at"
    fields = ("alarm", "why", "todo", "since", "opened_at", "ended_at", "told")
    readonly_fields = ("alarm", "why", "todo", "told")

    @admin.display(description=_("alarm"))
    def alarm(self, row: Alarm) -> str:
        return str(row)

    @admin.display(description=_("reason"))
    def why(self, row: Alarm) -> str:
        return row.explained or "–"

    @admin.display(description=_("what to do"))
    def todo(self, row: Alarm) -> str:
        return row.advice if row.ended_at is None else "–"

    @admin.display(description=_("told"))
    def told(self, row: Alarm) -> str:
        """The newest first; how many more there are is said."""
        newest = list(row.tellings.order_by("-pk")[: _SHOWN + 1])
        earlier = row.tellings.count() - _SHOWN if len(newest) > _SHOWN else 0
        facts = {"tellings": newest[:_SHOWN], "earlier": earlier}
        return render_to_string("admin/_tellings.html", facts)
