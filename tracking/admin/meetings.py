"""What meetings looked at and concluded, to read: it is written in the staff portal."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from tracking.admin.read_only import ReadOnlyAdmin
from tracking.models import Conclusion, Meeting, MeetingItem


@admin.register(Meeting)
class MeetingAdmin(ReadOnlyAdmin):
    list_display = ("held_at", "title", "chair", "state", "progress_list", "document")
    list_select_related = ("progress_list", "document")
    list_filter = ("state",)
    date_hierarchy = "held_at"
    fields = (*list_display, "place", "closed_at", "closed_by", "page")
    readonly_fields = ("page",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("progress_list__content")

    @admin.display(description=_("page of the meeting"))
    def page(self, meeting: Meeting) -> str:
        address = reverse("tracking:meeting", args=[meeting.pk])
        return format_html('<a href="{}">{}</a>', address, meeting.title)


@admin.register(MeetingItem)
class MeetingItemAdmin(ReadOnlyAdmin):
    list_display = ("meeting", "place", "department", "tasks", "spoken")
    list_select_related = ("meeting", "department")
    list_filter = ("spoken", ("department", admin.RelatedOnlyFieldListFilter))
    ordering = ("-meeting__held_at", "place")
    fields = ("meeting", "place", "department", "tasks", "remark", "notes", "spoken")
    readonly_fields = ("tasks",)

    @admin.display(description=_("tasks to speak about"))
    def tasks(self, item: MeetingItem) -> str:
        return ", ".join(item.reasons)


@admin.register(Conclusion)
class ConclusionAdmin(ReadOnlyAdmin):
    list_display = ("recorded_at", "meeting", "department", "kind", "text", "task", "actor")
    list_select_related = ("meeting", "item__department", "task")
    list_filter = ("kind",)
    date_hierarchy = "recorded_at"
    fields = ("meeting", "department", "kind", "text", "task", "entry", "recorded_at", "actor")
    readonly_fields = ("department", "entry")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("item__department")

    @admin.display(description=_("department"), ordering="item__department__order")
    def department(self, conclusion: Conclusion) -> str:
        return conclusion.item.department.name if conclusion.item else "–"

    @admin.display(description=_("entry of the ledger"))
    def entry(self, conclusion: Conclusion) -> str:
        if conclusion.event_id is None:
            return "–"
        address = reverse("admin:tracking_event_change", args=[conclusion.event_id])
        return format_html('<a href="{}">{}</a>', address, conclusion.event_id)
