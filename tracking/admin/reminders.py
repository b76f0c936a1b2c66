"""The ladder of reminders, and who was reminded of what."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_POST

from tracking.actions.refusals import Refused
from tracking.actions.reminder_ladder import copy_default_ladder
from tracking.admin.pages import PagesAdmin
from tracking.admin.read_only import KeptAdmin, ReadOnlyAdmin
from tracking.admin.search import FoldedSearch
from tracking.forms.reminder_step import ReminderStepForm
from tracking.models import Reminder, ReminderStep
from tracking.pages.reminders import (
    default_ladder,
    rung_in_words,
    step_in_words,
    subject_in_words,
    told_to,
)
from tracking.rules.reminders import Measure, Rung


@admin.register(ReminderStep)
class ReminderStepAdmin(PagesAdmin, KeptAdmin):
    """Never deleted: a rung that is told to nobody is switched off."""

    form = ReminderStepForm
    change_list_template = "admin/tracking/reminderstep/change_list.html"
    fixed_fields = ()
    list_display = ("when", "told_to")
    readonly_fields = ("told_to",)
    fieldsets = (
        (
            None,
            {
                "description": _(
                    "Each rung is told once of a deadline, and begins anew when the deadline is "
                    "moved. When several were reached since the last message, only the highest is "
                    "told."
                ),
                "fields": ("measure", "amount", "to"),
            },
        ),
    )
    actions = None

    class Media:
        css = {"all": ["css/admin_reminders.css"]}

    def get_urls(self) -> list[URLResolver | URLPattern]:  # type: ignore[override]
        copy = self.route("copy/", require_POST(self.copy_view), "copy")
        return [copy, *super().get_urls()]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Those who only look read words where operators have boxes to tick."""
        groups: Any = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return groups
        ((title, group),) = groups
        return [(title, {**group, "fields": ("measure", "amount", "told_to")})]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        context = {
            "holds": not ReminderStep.objects.exists(),
            "default_ladder": list(default_ladder()),
            "may_copy": self.has_add_permission(request),
        }
        return super().changelist_view(request, context | (extra_context or {}))

    def copy_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        try:
            for step in copy_default_ladder():
                self.log_addition(request, step, [{"added": {}}])
        except Refused as refused:
            for sentence in refused.sentences:
                messages.error(request, sentence)
        else:
            messages.success(request, gettext("The ladder is in the register: change its rungs."))
        return HttpResponseRedirect(self.address("changelist"))

    @admin.display(description=_("told when"), ordering="measure")
    def when(self, step: ReminderStep) -> str:
        return step_in_words(step.as_step())

    @admin.display(description=_("who is told"))
    def told_to(self, step: ReminderStep) -> str:
        return told_to(step.as_step().to)


class MeasureFilter(admin.SimpleListFilter):
    title = _("measured by")
    parameter_name = "measure"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return ReminderStep.Measure.choices

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        measure = self.value()
        if measure not in set(Measure):
            return queryset
        return queryset.filter(rung__startswith=f"{measure}:")


@admin.register(Reminder)
class ReminderAdmin(FoldedSearch, ReadOnlyAdmin):
    search_fields = ("task__search", "=person")
    search_help_text = _("Code or title of a task, or a user name; accents may be left out.")
    list_display = ("at", "person", "task_code", "rung_told", "subject")
    list_filter = (MeasureFilter,)
    list_select_related = ("task",)
    list_per_page = 50
    date_hierarchy = "at"
    show_full_result_count = False
    fields = ("at", "person", "task_page", "rung_told", "subject", "message_page")
    readonly_fields = ("task_page", "rung_told", "subject", "message_page")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).select_related("task", "message")
        return rows.defer("message__text", "message__html")

    @admin.display(description=_("task"), ordering="task__code")
    def task_code(self, reminder: Reminder) -> str:
        return reminder.task.code

    @admin.display(description=_("task"))
    def task_page(self, reminder: Reminder) -> str:
        address = reverse("admin:tracking_task_change", args=[reminder.task_id])
        return format_html('<a href="{}">{}</a>', address, reminder.task)

    @admin.display(description=_("told of"), ordering="rung")
    def rung_told(self, reminder: Reminder) -> str:
        return rung_in_words(Rung.named(reminder.rung))

    @admin.display(description=_("deadline"))
    def subject(self, reminder: Reminder) -> str:
        return subject_in_words(reminder.deadline)

    @admin.display(description=_("message"), empty_value="–")
    def message_page(self, reminder: Reminder) -> str | None:
        if reminder.message is None:
            return None
        address = reverse("admin:tracking_message_change", args=[reminder.message.pk])
        return format_html('<a href="{}">{}</a>', address, reminder.message)
