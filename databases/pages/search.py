"""What does a search find of the databases, their connections and their endpoints?"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from databases.models import Connection, Database, Endpoint
from databases.models.endpoint import STATE_NAMES
from databases.rules.track import State
from tracking.models.found import Columns, found
from tracking.pages.hits import Group, Hit, group_of, hit_of
from tracking.permissions import Visitor, may_view_databases
from tracking.rules.searching import Question, parts
from tracking.rules.vietnamese import folded


def found_in_databases(question: Question, reader: Visitor, most: int) -> Sequence[Group]:
    """Three queries and one more for each kind that is found; nothing for those who may not see
    the databases."""
    return list(_groups(question, most)) if may_view_databases(reader) else []


def _groups(question: Question, most: int) -> Iterator[Group]:
    def database(row: Database) -> Hit:
        return hit_of(row, question, row.owner.name, _page(row.pk))

    def endpoint(row: Endpoint) -> Hit:
        return hit_of(row, question, _seen(row), _place(row))

    def connection(row: Connection) -> Hit:
        return _connection(row, question)

    databases = found(Database.objects.select_related("owner"), question, most)
    yield group_of("databases", _("Databases"), databases, database)
    connections = Connection.objects.select_related("database", "counterpart")
    named = found(connections, question, most, _NAMED)
    yield group_of("connections", _("Connections"), named, connection)
    related = ("seen", "interface__connection")
    endpoints = found(Endpoint.objects.select_related(*related), question, most)
    yield group_of("endpoints", _("Endpoints"), endpoints, endpoint)


# By their database and their counterpart; the code has no column without accents.
_NAMED = Columns(
    text=("database__search", "counterpart__search"),
    named=(
        "code",
        "database__name_vi",
        "database__name_en",
        "counterpart__name_vi",
        "counterpart__name_en",
    ),
    coded=("code",),
)


def _connection(row: Connection, question: Question) -> Hit:
    named = f"{row.database.name} → {row.counterpart.name}"
    return Hit(
        code=parts(row.code, question.pairs),
        name=parts(named, question.pairs),
        address=_page(row.database_id),
        exact=folded(row.code) == question.code,
    )


def _seen(row: Endpoint) -> str:
    if row.paused:
        return _("paused")
    seen: Any = getattr(row, "seen", None)
    return str(STATE_NAMES[State(seen.state)]) if seen else ""


def _place(row: Endpoint) -> str:
    """The page of its database; a sentinel belongs to none."""
    if row.interface is None:
        return reverse("databases:status")
    return _page(row.interface.connection.database_id)


def _page(pk: int) -> str:
    return reverse("databases:database", args=[pk])
