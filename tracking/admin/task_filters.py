"""Which tasks? The filters beside the register, over the SQL form of the standing."""

from datetime import date, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from tracking.admin.looked_at import looked_at
from tracking.filters.light_select import MOST_TO_CHOOSE_FROM
from tracking.models import Plan
from tracking.models.bilingual import reader_language
from tracking.pages.task_words import CANCELLED, standing_names
from tracking.rules.instants import day_of

# The standing of a cancelled task is empty, which in an address means "all".
_CANCELLED = "cancelled"


class StandingFilter(admin.SimpleListFilter):
    title = gettext_lazy("standing")
    parameter_name = "standing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [*standing_names(reader_language()), (_CANCELLED, str(CANCELLED))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = self.value()
        if chosen is None:
            return queryset
        return queryset.filter(standing="" if chosen == _CANCELLED else chosen)


class LeadFilter(admin.SimpleListFilter):
    """By the lead now, not as first assigned."""

    title = gettext_lazy("lead department")
    parameter_name = "lead"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        rows = list(looked_at(request).registers.departments.values())
        if len(rows) > MOST_TO_CHOOSE_FROM:  # only the one that the address names
            rows = [row for row in rows if row.code == request.GET.get(self.parameter_name)]
        return [(row.code, row.name) for row in rows]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(lead_code=self.value()) if self.value() else queryset


class PlanFilter(admin.SimpleListFilter):
    """By code: names of plans are too long for a list of links."""

    title = gettext_lazy("plan")
    parameter_name = "plan"
    lookup = "plan__code"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(code, code) for code in Plan.objects.values_list("code", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(**{self.lookup: self.value()}) if self.value() else queryset


class RequiredFilter(admin.SimpleListFilter):
    title = gettext_lazy("requirement")
    parameter_name = "required"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("required")), ("0", _("optional"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(required=self.value() == "1") if self.value() else queryset


class DueFilter(admin.SimpleListFilter):
    title = gettext_lazy("deadline")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("past", _("before today")),
            ("week", _("today and the next 7 days")),
            ("month", _("today and the next 30 days")),
            ("later", _("later than 30 days")),
            ("none", _("no date")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        today = day_of(timezone.now())
        conditions = _due_conditions(today).get(self.value() or "")
        return queryset.filter(**conditions) if conditions else queryset


def _due_conditions(today: date) -> dict[str, dict[str, Any]]:
    week, month = today + timedelta(days=7), today + timedelta(days=30)
    return {
        "past": {"due_on__lt": today},
        "week": {"due_on__range": (today, week)},
        "month": {"due_on__range": (today, month)},
        "later": {"due_on__gt": month},
        "none": {"due_on": None},
    }
