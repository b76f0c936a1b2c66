"""How is a situation kept in a column? As JSON without what has its default."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from tracking.rules.deadline import Deadline, Reading
from tracking.rules.instants import instant_text
from tracking.rules.situation import Block, LateExtension, Situation, Submission

_DEFAULTS = {f.name: f.default for f in fields(Situation)}


def snapshot(situation: Situation) -> dict[str, Any]:
    """JSON values only; `restore` gives an equal situation back."""
    return {
        name: _plain(getattr(situation, name))
        for name, default in _DEFAULTS.items()
        if getattr(situation, name) != default
    }


def restore(stored: Mapping[str, Any]) -> Situation:
    found = {
        name: _READERS[name](value) if name in _READERS else value for name, value in stored.items()
    }
    return Situation(**found)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return instant_text(value)
        case Deadline():
            return [value.due_on.isoformat(), str(value.reading), value.number, value.wording]
        case Submission():
            judged = _plain(value.judged_by) if value.judged_by else None
            return [_plain(value.at), value.number, value.actor, judged, value.accepted]
        case Block():
            return [value.on, _plain(value.since), value.reason]
        case LateExtension():
            return [value.replaced, value.days]
        case tuple():
            return [_plain(item) for item in value]
        case _:
            return value


def _deadline(stored: list[Any]) -> Deadline:
    due_on, reading, number, wording = stored
    return Deadline(date.fromisoformat(due_on), Reading(reading), number, wording)


def _submission(stored: list[Any]) -> Submission:
    at, number, actor, judged, accepted = stored
    by = _deadline(judged) if judged else None
    return Submission(datetime.fromisoformat(at), number, actor, by, accepted)


_READERS: dict[str, Callable[[Any], Any]] = {
    "assigned_at": datetime.fromisoformat,
    "reported_at": datetime.fromisoformat,
    "original": _deadline,
    "deadline": _deadline,
    "submission": _submission,
    "blocks": lambda rows: tuple(
        Block(on, datetime.fromisoformat(since), reason) for on, since, reason in rows
    ),
    "waited": lambda rows: tuple((on, days) for on, days in rows),
    "late_extensions": lambda rows: tuple(LateExtension(*row) for row in rows),
    "requesters": tuple,
    "extended_late_days": tuple,
}
