"""The operators' pages of scheduled reports: what goes to whom and when, and what became of it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from tracking.actions.report_schedules import count_from_now
from tracking.admin.read_only import KeptAdmin
from tracking.forms.report_schedule import ReportScheduleForm
from tracking.models import ReportSchedule
from tracking.pages.report_schedule import SchedulePage, say_next, when
from tracking.permissions import Role
from tracking.renderers.files import FILES

# What is kept as codes, said in words where it is only read.
_SAID = {
    "formats": "formats_said",
    "rhythm": "whenever",
    "weekdays": "weekdays_said",
    "roles": "roles_said",
}


class ScheduleChangeList(ChangeList):
    """Says of the schedules of the page shown when they come next."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        say_next(self.result_list, timezone.now())


@admin.register(ReportSchedule)
class ReportScheduleAdmin(KeptAdmin):
    """Never deleted: its runs stay explained. What is no longer wanted is made inactive."""

    form = ReportScheduleForm
    change_form_template = "admin/tracking/reportschedule/change_form.html"
    fixed_fields = ()
    list_display = ("name", "active", "whenever", "next_run", "last_run", "policy", "language")
    list_filter = ("active", "policy", "language")
    readonly_fields = tuple(_SAID.values())
    fieldsets = (
        (None, {"fields": ("name", "active")}),
        (
            _("Which list"),
            {
                "description": _(
                    "The list is issued when the report is made, as of that day. If a list of that "
                    "day, policy and plans was issued already, that one is sent."
                ),
                "fields": ("plans", "policy", "language", "formats"),
            },
        ),
        (
            pgettext_lazy("of a report", "When"),
            {
                "description": _(
                    "A time that is missed, because the portal stood still, is made up for once."
                ),
                "fields": (
                    "rhythm",
                    "weekdays",
                    "days_before",
                    "at",
                    "move_holidays",
                    "starts_at",
                ),
            },
        ),
        (
            _("To whom"),
            {
                "description": _("Each address receives one message, however often it is meant."),
                "fields": ("people", "roles", "departments", "addresses"),
            },
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return ReportSchedule.objects.with_last_run().order_by("name")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ScheduleChangeList

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Those who only look read words where operators have boxes to tick."""
        groups: Any = super().get_fieldsets(request, obj)
        if self.has_change_permission(request, obj):
            return groups
        return [
            (title, {**group, "fields": tuple(_SAID.get(name, name) for name in group["fields"])})
            for title, group in groups
        ]

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"weekdays": [0, 1, 2, 3, 4], **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        count_from_now(obj, changed=form.changed_data, now=timezone.now())
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        if original:
            # Not the original: a form that is not sound has written into that one.
            kept = ReportSchedule.objects.with_last_run().get(pk=original.pk)
            context["page"] = SchedulePage(kept, timezone.now())
        return super().render_change_form(request, context, *args, **kwargs)

    @admin.display(description=pgettext_lazy("of a report", "when"))
    def whenever(self, schedule: ReportSchedule) -> str:
        return when(schedule)

    @admin.display(description=_("next run"), empty_value="—")
    def next_run(self, schedule: Any) -> str | None:
        return _with_weekday(schedule.next_at)

    @admin.display(description=_("last run"), ordering="last_slot_at", empty_value="—")
    def last_run(self, schedule: Any) -> str | None:
        return _with_weekday(schedule.last_slot_at)

    @admin.display(description=_("files to attach"), empty_value="—")
    def formats_said(self, schedule: ReportSchedule) -> str:
        return ", ".join(str(FILES[form][0]) for form in schedule.formats if form in FILES)

    @admin.display(description=_("days of the week"), empty_value="—")
    def weekdays_said(self, schedule: ReportSchedule) -> str:
        return ", ".join(str(WEEKDAYS[day]) for day in schedule.weekdays if day in WEEKDAYS)

    @admin.display(description=_("roles"), empty_value="—")
    def roles_said(self, schedule: ReportSchedule) -> str:
        return ", ".join(str(Role(role).label) for role in schedule.roles if role in Role)


def _with_weekday(at: Any) -> str | None:
    if at is None:
        return None
    local = timezone.localtime(at)
    return f"{date_format(local, 'D')} {date_format(local, 'SHORT_DATETIME_FORMAT')}"
