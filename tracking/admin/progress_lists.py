"""The register of issued progress lists."""

import re
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet, Value
from django.db.models.functions import StrIndex, Substr
from django.http import HttpRequest
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _

from tracking.admin.issued_lists import IssuedPages
from tracking.admin.list_previews import PreviewPages
from tracking.admin.read_only import ReadOnlyAdmin
from tracking.forms.list_scope import POLICIES
from tracking.models import ProgressList
from tracking.models.progress_list import ProgressListQuerySet
from tracking.permissions import may_issue
from tracking.rules.progress_list import Policy

# Cut out of the text, since a register of which one row was broken by hand must still be read.
_MARKED = '"departments_marked":'


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("issued", _("issued")), ("superseded", _("superseded"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "issued":
                return queryset.filter(superseded_by=None)
            case "superseded":
                return queryset.exclude(superseded_by=None)
            case _:
                return queryset


class PolicyFilter(admin.SimpleListFilter):
    title = _("a department is marked when")
    parameter_name = "policy"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(str(policy), text) for policy, text in POLICIES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        return queryset.filter(series__startswith=value) if value else queryset


@admin.register(ProgressList)
class ProgressListAdmin(PreviewPages, IssuedPages, ReadOnlyAdmin):
    list_display = (
        "named",
        "as_of",
        "known_at",
        "policy",
        "plans",
        "marked",
        "state",
        "document_number",
        "issued_at",
        "issued_by",
    )
    list_select_related = ("registration",)
    list_filter = (StateFilter, PolicyFilter)
    list_per_page = 50
    date_hierarchy = "as_of"
    search_fields = ("=number", "registration__number", "series", "reason", "sha256__startswith")
    search_help_text = _("Number of the list or of its document, plan, reason or SHA-256")
    actions = None

    def get_urls(self) -> list[URLResolver | URLPattern]:  # type: ignore[override]
        return [*self.preview_urls(), *self.issued_urls(), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> ProgressListQuerySet:
        lists: ProgressListQuerySet = super().get_queryset(request)  # type: ignore[assignment]
        place = StrIndex("content", Value(_MARKED)) + len(_MARKED)
        counted = lists.with_superseded().annotate(cut=Substr("content", place, 6))
        return counted.defer("content")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        context = {"may_issue": may_issue(request.user), **(extra_context or {})}
        return super().changelist_view(request, context)

    @admin.display(description=_("list"), ordering="number")
    def named(self, issued: ProgressList) -> str:
        return str(issued)

    @admin.display(description=_("a department is marked when"))
    def policy(self, issued: ProgressList) -> object:
        return POLICIES[Policy(issued.series.partition("|")[0])]

    @admin.display(description=_("plans"))
    def plans(self, issued: ProgressList) -> object:
        return ", ".join(issued.series.split("|")[1:]) or _("every plan")

    @admin.display(description=_("departments marked"))
    def marked(self, issued: Any) -> str:
        found = re.match(r"\d+(?=[,}])", issued.cut)
        return found[0] if found else "—"

    @admin.display(description=_("state"))
    def state(self, issued: Any) -> object:
        return _("superseded") if issued.superseded else _("issued")

    @admin.display(description=_("number of the document"), ordering="registration__number")
    def document_number(self, issued: ProgressList) -> str:
        registration = getattr(issued, "registration", None)
        return f"{registration.number} ({registration.dated:%d/%m/%Y})" if registration else "—"
