"""What was changed of an endpoint, line by line, as people read it."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from databases.models import Endpoint, EndpointChange


def told(row: EndpointChange) -> list[str]:
    """A line for each field, also for each within the specification."""
    return list(_lines(row.changes)) or [_("added")]


def _lines(changes: dict[str, Any]) -> Iterator[str]:
    for name, (old, new) in changes.items():
        column: Any = Endpoint._meta.get_field(name)
        said = str(column.verbose_name)
        if isinstance(old, dict) and isinstance(new, dict):
            for key in sorted(old.keys() | new.keys()):
                if old.get(key) != new.get(key):
                    yield f"{said}, {key}: {_value(old.get(key))} → {_value(new.get(key))}"
        else:
            yield f"{said}: {_value(old)} → {_value(new)}"


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if value in (None, ""):
        return "–"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
