"""Many endpoints with a past of any kind, written as the rules would have written it."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta

from databases.models import (
    Connection,
    DayRollup,
    Endpoint,
    EndpointState,
    Maintenance,
    Transition,
)
from databases.models.history import History
from databases.rules.track import State
from databases.rules.uptime import Uptime
from tests.databases.probed import make_endpoint
from tracking.rules.instants import day_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
_STATES = [state.value for state in State]


def many_seen(
    connections: Sequence[Connection], count: int, now: datetime, chance: random.Random
) -> list[Endpoint]:
    """So many endpoints of each connection: some change often, some never, some came today; some
    changes were dated back; a few days are summed up, a few not, a few not whole."""
    made = []
    for connection in connections:
        for number in range(count):
            interface = connection.interfaces.order_by("code")[0].code
            code, begun = f"{connection.code}-{number}", now - chance.choice([5 * HOUR, 20 * DAY])
            endpoint = make_endpoint(begun, 443, code=code, interface=interface)
            Endpoint.objects.filter(pk=endpoint.pk).update(
                interval=chance.choice([60, 300]), timeout=chance.choice([5_000, 10_000])
            )
            _change(endpoint, begun, now, chance)
            made.append(endpoint)
    for endpoint in chance.sample(made, len(made) // 5):
        start = now - chance.choice([2 * HOUR, 3 * DAY])
        Maintenance.objects.create(
            endpoint=endpoint, start=start, end=start + 90 * MINUTE, announced_at=start - DAY
        )
    _sum_up(made, now, chance)
    return made


def _change(endpoint: Endpoint, begun: datetime, now: datetime, chance: random.Random) -> None:
    seen, before, known = EndpointState.objects.get(pk=endpoint.pk), "unknown", begun
    for _ in range(chance.choice([0, 1, 2, 9])):
        known += (now - known) * chance.random() ** 2
        at = max(begun, known - chance.choice([0, 0, 0, 5, 600]) * MINUTE)
        after = chance.choice([state for state in _STATES if state != before])
        Transition.objects.create(
            endpoint=endpoint, at=at, known_at=known, before=before, after=after
        )
        seen.state, seen.since, before = after, at, after
    seen.last_at = chance.choice([None, now - 30 * MINUTE, now - 5 * MINUTE, now])
    seen.save()


def _sum_up(endpoints: Sequence[Endpoint], now: datetime, chance: random.Random) -> None:
    rows = []
    for endpoint in endpoints:
        for period in History(endpoint, now).days[:-1]:
            if chance.random() < 0.9:
                spent = {p: getattr(period.spent, p).total_seconds() for p in Uptime.__slots__}
                if chance.random() < 0.05:
                    spent = {"down": 60.0}  # of which most is missing
                rows.append(DayRollup(endpoint=endpoint, day=day_of(period.start), **spent))
    DayRollup.objects.bulk_create(rows)
