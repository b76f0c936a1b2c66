"""Searching without accents: "duoc" and "Dược", "d" and "đ" find the same rows."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from tracking.rules.vietnamese import folded


class FoldedSearch(admin.ModelAdmin):
    """For a ModelAdmin whose model has a `search` column; name others by `search_fields`."""

    search_fields: ClassVar[tuple[str, ...]] = ("search",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        return super().get_search_results(request, queryset, folded(search_term))
