"""The page of one database."""

from typing import Any

from django.shortcuts import get_object_or_404

from databases.models import Database
from databases.pages.database_page import DatabasePage
from tracking.permissions import may_view_databases
from tracking.views.page import PortalPage


class DatabaseDetail(PortalPage):
    template_name = "databases/database.html"
    may = staticmethod(may_view_databases)
    section = "databases"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Database.objects.select_related("owner")
        database = get_object_or_404(rows, pk=self.kwargs["pk"])
        page = DatabasePage(database, self.viewpoint, self.request.GET.get("page"))
        return super().get_context_data(
            title=database.name, database=database, shown=page, live=page.live, **kwargs
        )
