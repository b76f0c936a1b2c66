"""The first page about databases: what is declared of every connection, and what is seen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from databases.forms.matrix import MatrixForm
from databases.pages.connection_states import SEEN_NAMES
from databases.pages.live import live_from
from databases.pages.matrix import Asked, MatrixPage
from tracking.permissions import may_view_databases
from tracking.views.page import PortalPage


class Matrix(PortalPage):
    template_name = "databases/matrix.html"
    may = staticmethod(may_view_databases)
    title = _("Databases: declared and seen")
    section = "databases"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = MatrixForm(self.request.GET, states=dict(SEEN_NAMES))
        form.is_valid()
        given = {name: value for name, value in form.cleaned_data.items() if value}
        if "owner" in given:
            given["owner"] = given["owner"].code
        asked = Asked(**given)
        matrix = MatrixPage(self.viewpoint, asked, self.request.GET.get("page"))
        return super().get_context_data(
            form=form,
            narrowed=asked != Asked(),
            matrix=matrix,
            live=live_from(self.viewpoint),
            **kwargs,
        )
