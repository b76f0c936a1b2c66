"""What the other apps put on the overview: the setting OVERVIEW_TILES names who tells it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from tracking.permissions import Visitor
from tracking.rules.viewpoint import Viewpoint


class Place(StrEnum):
    """Beside what needs attention, or among the drawings."""

    ATTENTION = "attention"
    DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Tile:
    """`context` is only asked for when somebody who `may` see the tile looks at the page."""

    name: str
    title: Any
    template: str
    context: Callable[[], Mapping[str, Any]]
    may: Callable[[Visitor], bool]
    place: Place = Place.ATTENTION


@dataclass(frozen=True, slots=True)
class ShownTile:
    """A tile with what its template is given, as `tile`."""

    name: str
    title: Any
    template: str
    place: Place
    context: Mapping[str, Any]


def tiles_for(person: Visitor, viewpoint: Viewpoint) -> list[ShownTile]:
    """In the order of the setting."""
    told: list[Tile] = [import_string(path)(viewpoint) for path in settings.OVERVIEW_TILES]
    return [
        ShownTile(tile.name, tile.title, tile.template, tile.place, tile.context())
        for tile in told
        if tile.may(person)
    ]
