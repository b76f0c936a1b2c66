"""The first page: what needs attention, for who has two minutes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tracking.models.bilingual import reader_language
from tracking.pages.overview import Overview
from tracking.pages.tiles import Place, tiles_for
from tracking.permissions import may_decide, may_view_lists
from tracking.views.page import PortalPage


class Home(PortalPage):
    template_name = "tracking/overview.html"
    title = _("Overview")
    section = "home"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        tiles = tiles_for(self.person, self.viewpoint)
        return super().get_context_data(
            overview=Overview(self.viewpoint, reader_language()),
            tiles=[tile for tile in tiles if tile.place is Place.ATTENTION],
            drawings=[tile for tile in tiles if tile.place is Place.DRAWING],
            may_verify=may_decide(self.person),
            may_read_lists=may_view_lists(self.person),
            looked_from=self.viewpoint.query,
            **kwargs,
        )
