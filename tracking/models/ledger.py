"""Reading the ledger: the events of tasks as the rules take them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tracking.models.event import Event
from tracking.rules.events import Event as LedgerEvent, Kind, visible
from tracking.rules.ledger import fold
from tracking.rules.situation import Situation

_COLUMNS = (
    "task_id",
    "kind",
    "effective_at",
    "recorded_at",
    "number",
    "payload",
    "actor",
    "on_behalf_of__code",
)
_BATCH = 5000


def events_of(
    tasks: Iterable[int], *, known_at: datetime | None = None
) -> dict[int, list[LedgerEvent]]:
    """Task key -> its events in the order of application; those recorded by `known_at` only, if
    given. A task without events has an empty list."""
    keys = list(tasks)
    found: dict[int, list[LedgerEvent]] = {key: [] for key in keys}
    for start in range(0, len(keys), _BATCH):
        rows = Event.objects.filter(task_id__in=keys[start : start + _BATCH])
        if known_at is not None:
            rows = rows.filter(recorded_at__lte=known_at)
        ordered = rows.order_by("effective_at", "recorded_at", "number")
        for task, *values in ordered.values_list(*_COLUMNS).iterator(chunk_size=2000):
            found[task].append(_event(*values))
    return found


def folded(
    starts: Mapping[int, Situation], *, at: datetime, known_at: datetime
) -> dict[int, Situation]:
    """Task key -> what its ledger says for (T, K); `starts`: what each fold begins with."""
    ledgers = events_of(starts, known_at=known_at)
    return {
        key: fold(visible(events, at=at, known_at=known_at), start=starts[key], at=at)
        for key, events in ledgers.items()
    }


def _event(
    kind: str,
    effective_at: datetime,
    recorded_at: datetime,
    number: int,
    payload: dict[str, Any],
    actor: str,
    on_behalf_of: str | None,
) -> LedgerEvent:
    return LedgerEvent(
        Kind(kind), effective_at, recorded_at, number, payload, actor, on_behalf_of or ""
    )
