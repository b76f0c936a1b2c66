"""The registers that tasks refer to: departments, partners, plans and documents."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracking.admin.plan_import import PlanFilePages
from tracking.admin.read_only import KeptAdmin
from tracking.admin.search import FoldedSearch
from tracking.models import Department, Document, Partner, Plan, Succession

_NAMES: Any = (
    _("Names"),
    {
        "description": _(
            "The Vietnamese name is the authentic one. Correct spelling here; issued lists keep "
            "the names they were issued with."
        ),
        "fields": ["name_vi", "name_en"],
    },
)


class ValidityFilter(admin.SimpleListFilter):
    title = _("validity")
    parameter_name = "validity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("active", _("active today")), ("inactive", _("ended or not yet begun"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        active = Q(pk__in=Department.objects.active(timezone.localdate()).values("pk"))
        if self.value() == "active":
            return queryset.filter(active)
        return queryset.exclude(active) if self.value() == "inactive" else queryset


class SuccessionInline(admin.StackedInline):
    model = Succession
    fk_name = "department"
    fields = ["successor", "position"]
    extra = 0
    can_delete = False
    verbose_name_plural = _("succeeded by: one is a renaming or merging, several a splitting")


@admin.register(Department)
class DepartmentAdmin(FoldedSearch, KeptAdmin):
    list_display = ["code", "name_vi", "name_en", "order", "valid_from", "valid_to", "became"]
    list_display_links = ["code", "name_vi"]
    list_filter = [ValidityFilter]
    inlines = [SuccessionInline]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "The code is named by the ledger and by issued lists, so it is fixed once "
                    "saved. Lists print departments in protocol order."
                ),
                "fields": ["code", "order"],
            },
        ),
        _NAMES,
        (
            _("Validity"),
            {
                "description": _(
                    "A department that is renamed, merged or split ends; the new one is a new "
                    "row. From the next day its open tasks are printed under the first successor."
                ),
                "fields": ["valid_from", "valid_to"],
            },
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("successions__successor")

    @admin.display(description=_("succeeded by"), empty_value="")
    def became(self, department: Department) -> str:
        return ", ".join(row.successor.code for row in department.successions.all())


@admin.register(Partner)
class PartnerAdmin(FoldedSearch, KeptAdmin):
    list_display = ["code", "name_vi", "name_en", "kind"]
    list_display_links = ["code", "name_vi"]
    list_filter = ["kind"]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "A body that tasks wait for. It is shown beside the task and never marked."
                ),
                "fields": ["code", "kind"],
            },
        ),
        _NAMES,
    ]


@admin.register(Plan)
class PlanAdmin(PlanFilePages, FoldedSearch, KeptAdmin):
    list_display = ["code", "name_vi", "name_en", "issued_on"]
    list_display_links = ["code", "name_vi"]
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "A mandate that tasks come from. Lists can be drawn for one plan or several."
                ),
                "fields": ["code", "issued_on"],
            },
        ),
        _NAMES,
    ]


@admin.register(Document)
class DocumentAdmin(FoldedSearch, KeptAdmin):
    list_display = ["number", "name_vi", "kind", "issued_on", "issuer"]
    list_display_links = ["number", "name_vi"]
    list_filter = ["kind"]
    date_hierarchy = "issued_on"
    fixed_fields = ("number",)
    fieldsets = [
        (
            None,
            {
                "description": _(
                    "A decision, letter or conclusion that assigns tasks or moves deadlines. "
                    "The number is named by the ledger, so it is fixed once saved."
                ),
                "fields": ["number", "kind", "issued_on", "issuer"],
            },
        ),
        (
            _("Title"),
            {
                "description": _("As written on the document; the English title may be left out."),
                "fields": ["name_vi", "name_en"],
            },
        ),
    ]
