"""Who acts for a department in somebody's place."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy

from tracking.admin.read_only import KeptAdmin
from tracking.models import Deputation, User
from tracking.permissions import has_own_work


class DeputationForm(forms.ModelForm):
    class Meta:
        model = Deputation
        fields = ("deputy", "department", "in_place_of", "valid_from", "valid_to", "document")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        deputy = cleaned.get("deputy")
        if deputy and not has_own_work(deputy):
            self.add_error("deputy", _("This person may not record anything: give them a role."))
        if deputy and deputy.department and deputy.department == cleaned.get("department"):
            self.add_error("deputy", _("This person writes for that department already."))
        if not self.errors:
            self._refuse_two_at_once()
        return cleaned

    def _refuse_two_at_once(self) -> None:
        asked: Any = self.instance
        for name, value in self.cleaned_data.items():
            setattr(asked, name, value)
        if asked.valid_to >= asked.valid_from and _twice(asked):
            self.add_error(
                None,
                _(
                    "This person is a deputy for that department on some of these days already: "
                    "change the other row."
                ),
            )


def _twice(asked: Deputation) -> bool:
    return Deputation.objects.overlapping(asked).exists()


class InForceFilter(admin.SimpleListFilter):
    title = gettext_lazy("validity")
    parameter_name = "validity"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("active", gettext_lazy("active today")),
            ("inactive", gettext_lazy("ended or not yet begun")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        active = Deputation.objects.in_force(timezone.localdate()).values("pk")
        if self.value() == "active":
            return queryset.filter(pk__in=active)
        return queryset.exclude(pk__in=active) if self.value() == "inactive" else queryset


@admin.register(Deputation)
class DeputationAdmin(KeptAdmin):
    """Never deleted: what was written in somebody's place stays explained."""

    form = DeputationForm
    fixed_fields = ("deputy", "department", "in_place_of", "valid_from")
    list_display = ("deputy", "department", "in_place_of", "valid_from", "valid_to", "document")
    list_select_related = ("deputy", "department", "in_place_of")
    list_filter = (InForceFilter, ("department", admin.RelatedOnlyFieldListFilter))
    fieldsets = (
        (
            None,
            {
                "description": gettext_lazy(
                    "A person who records for a department that is not their own, from the first "
                    "day to the last, both included. To end it early, bring the last day forward."
                ),
                "fields": ("deputy", "department", "in_place_of"),
            },
        ),
        (gettext_lazy("Validity"), {"fields": ("valid_from", "valid_to", "document")}),
    )

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **options: Any) -> Any:
        if db_field.name in ("deputy", "in_place_of"):
            options["queryset"] = User.objects.filter(is_active=True).order_by("username")
        return super().formfield_for_foreignkey(db_field, request, **options)
