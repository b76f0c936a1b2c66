"""What departments and bodies answered, to read: they write it in the staff portal."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tracking.admin.read_only import ReadOnlyAdmin
from tracking.models import Remark, WaitAnswer


@admin.register(Remark)
class RemarkAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "department", "answered", "text", "actor", "in_place_of")
    list_select_related = ("department",)
    list_filter = (("department", admin.RelatedOnlyFieldListFilter),)
    date_hierarchy = "recorded_at"
    fields = ("department", "answered", "text", "recorded_at", "actor", "in_place_of")
    readonly_fields = ("answered",)

    @admin.display(description=_("tasks"))
    def answered(self, remark: Remark) -> str:
        return ", ".join(remark.tasks)


@admin.register(WaitAnswer)
class WaitAnswerAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "task", "body", "answer", "text", "actor", "in_place_of")
    list_select_related = ("event__task",)
    list_filter = ("answer",)
    date_hierarchy = "recorded_at"
    fields = ("task", "body", "entry", "answer", "text", "recorded_at", "actor", "in_place_of")
    readonly_fields = ("task", "body", "entry")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("event__task")

    @admin.display(description=_("task"), ordering="event__task__code")
    def task(self, answer: WaitAnswer) -> str:
        return answer.event.task.code

    @admin.display(description=_("waits for"))
    def body(self, answer: WaitAnswer) -> str:
        return str(answer.event.payload.get("on", ""))

    @admin.display(description=_("declared wait"))
    def entry(self, answer: WaitAnswer) -> str:
        address = reverse("admin:tracking_event_change", args=[answer.event_id])
        return format_html('<a href="{}">{}</a>', address, answer.event_id)
