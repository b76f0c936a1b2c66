"""What may not be written: what machines write, and the codes that the ledger names."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest


class KeptAdmin(admin.ModelAdmin):
    """A register: rows are never deleted, and `fixed_fields` cannot be changed once they are
    written, since the ledger and the issued lists name them."""

    fixed_fields: tuple[str, ...] = ("code",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return (*fields, *self.fixed_fields) if obj else fields


class ReadOnlyAdmin(admin.ModelAdmin):
    """Nobody adds, changes or deletes; those with the view permission look."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
