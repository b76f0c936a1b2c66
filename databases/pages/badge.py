"""What does the badge of a database say?"""

from datetime import datetime

from django.conf import settings

from databases.models import Connection, Database
from databases.pages.connection_states import NOTHING, states_now
from databases.pages.seen_words import SHAPES, seen_name, stage_name
from databases.renderers.badge import badge
from tracking.rules.instants import in_zone


def badge_of(database: Database, now: datetime) -> str:
    """SVG: how the connection stands that databases are counted for, or the first one there is.
    Two queries."""
    rows = Connection.objects.filter(database=database).select_related("counterpart")
    declared = rows.with_stage(at=in_zone(now), known_at=now).order_by("code")
    counted = settings.STAGES_COUNTED_FOR
    connection = min(declared, key=lambda row: row.counterpart.code != counted, default=None)
    stage, seen = None, NOTHING.seen
    if connection is not None:
        stage = connection.stage  # type: ignore[attr-defined]
        seen = states_now(now, [connection.pk]).get(connection.pk, NOTHING).seen
    return badge(database.code, stage_name(stage), seen, SHAPES[seen], seen_name(seen))
