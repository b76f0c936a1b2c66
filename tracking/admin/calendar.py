"""The working calendar, and the versions of it that results were computed with."""

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_lazy as _

from tracking.actions.calendar import keep_version
from tracking.admin.read_only import KeptAdmin, ReadOnlyAdmin
from tracking.models import CalendarDay, CalendarVersion


class YearFilter(admin.SimpleListFilter):
    title = _("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = CalendarDay.objects.dates("day", "year", order="DESC")
        return [(str(day.year), str(day.year)) for day in years]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        year = self.value() or ""
        return queryset.filter(day__year=int(year)) if year.isdecimal() else queryset


@admin.register(CalendarDay)
class CalendarDayAdmin(KeptAdmin):
    list_display = ["day", "weekday", "works", "kind", "reason", "reference"]
    list_filter = [YearFilter, "working", "kind"]
    date_hierarchy = "day"
    fixed_fields = ()
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "A day that is in no row works from Monday to Friday. A change is kept as a "
                    "new version of the calendar and moves no deadline already written."
                ),
                "fields": ["day", "working", "kind"],
            },
        ),
        (
            _("Why"),
            {
                "description": _("The notice that made the day a holiday, or a worked Saturday."),
                "fields": ["reason", "reference"],
            },
        ),
    ]

    @admin.display(description=_("weekday"))
    def weekday(self, row: CalendarDay) -> str:
        return date_format(row.day, "l")

    @admin.display(description=_("worked"), ordering="working")
    def works(self, row: CalendarDay) -> str:
        return _word(row.working)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        keep_version(now=timezone.now(), by=request.user.get_username())


@admin.register(CalendarVersion)
class CalendarVersionAdmin(ReadOnlyAdmin):
    list_display = ["version", "recorded_at", "actor"]
    fields = ["version", "recorded_at", "actor", "listed"]
    readonly_fields = ["listed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        match = request.resolver_match
        return rows if match and "object_id" in match.kwargs else rows.defer("days")

    @admin.display(description=_("days"))
    def listed(self, row: CalendarVersion) -> str:
        return ", ".join(
            f"{_written(day)} {_word(working)}" for day, working in sorted(row.days.items())
        )


def _word(working: bool) -> str:
    return gettext("worked") if working else gettext("off")


def _written(day: str) -> str:
    return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")
