"""How have connections stood on a day so far, told from few of their endpoints?

Most endpoints stand all day as they stood at its start. Those are counted by SQL, in the state that
they are in. Of the others those that were down are told from their changes of state, and where none
was, all of them.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Q

from databases.models.alike import Alike
from databases.models.check import Transition
from databases.models.course import courses
from databases.models.endpoint import Endpoint
from databases.models.history import Period
from databases.models.outage import Maintenance
from databases.models.spent import Spent
from databases.models.worst_days_anew import worst
from databases.rules.track import State
from databases.rules.uptime import Interval, Uptime, Window, uptime
from tracking.rules.instants import start_of

_PLACE = "interface__connection"
_APART = timedelta(minutes=10)  # the clocks of two pumps, at most
_DOWN = Q(before=State.DOWN) | Q(after=State.DOWN)
_Kind = tuple[int, State, bool, bool]  # connection, state, paused, moved


class DaySoFar:
    """Of connections, from the start of the day until `now`, as it is known now; five queries at
    most. Of those that moved it is not told apart why nothing was known of them. `alike`: their
    endpoints, by whether they moved since the day began."""

    def __init__(self, alike: Iterable[Alike], day: date, now: datetime) -> None:
        self._start, self._now = start_of(day), now
        self._kinds: Counter[_Kind] = Counter()
        for row in alike:
            self._kinds[row.connection, row.state, row.paused, row.moved] += row.count
        self._apart = self._windows()
        self._looked_at = list(self._with_maintenance(self._apart))
        self._number: Counter[int] = Counter()
        for (connection, _state, _paused, moved), count in self._kinds.items():
            if moved and count > 0:
                self._number[connection] += count

    @cached_property
    def worst(self) -> Mapping[int, Period]:
        """By connection."""
        found: dict[int, list[Period]] = defaultdict(list)
        for connection, spent in [*self._steady(), *self._moved(), *self._looked_at]:
            found[connection].append(Period(self._start, self._now, spent))
        return {pk: worst(periods) for pk, periods in found.items()}

    def _steady(self) -> Iterator[tuple[int, Uptime]]:
        for (connection, state, paused, moved), count in self._kinds.items():
            if count > 0 and not moved:
                yield connection, self._all_day(state, "paused" if paused else "")

    def _moved(self) -> Iterator[tuple[int, Uptime]]:
        """The worst of each connection, which is one that was down where any was."""
        told = self._told(self._number, _DOWN)
        down = {pk for pk, every in told.items() if any(spent.down for spent in every)}
        rest = self._number.keys() - down
        told |= self._told(rest, Q())
        for connection, every in told.items():
            yield connection, max(every, key=lambda spent: spent.badness).uptime
        for connection in rest:
            if self._number[connection] > len(told.get(connection, ())):  # one that came today
                yield connection, self._all_day(State.UNKNOWN, "never")

    def _told(self, connections: Collection[int], through: Q) -> dict[int, list[Spent]]:
        """Where the time went of endpoints that moved, of those only that had such a change."""
        if not connections:
            return {}
        since = Transition.objects.filter(known_at__gt=self._start - _APART)
        rows = since.filter(endpoint__interface__connection__in=connections)
        if through:
            rows = rows.filter(endpoint__in=since.filter(through).order_by().values("endpoint"))
        columns = ("endpoint", f"endpoint__{_PLACE}", "at", "before", "after")
        spent: dict[int, Spent] = {}
        found: dict[int, list[Spent]] = defaultdict(list)
        # Newest first: from its instant on a change holds in place of all that was told before.
        for endpoint, place, at, before, after in rows.order_by("-pk").values_list(*columns):
            if endpoint not in spent:
                spent[endpoint] = Spent(self._now)
                if at > self._start and endpoint not in self._apart:
                    found[place].append(spent[endpoint])
            spent[endpoint].back_to(max(at, self._start), after, before)
        for one in spent.values():
            one.back_to(self._start, one.before, "")
        return dict(found)

    def _with_maintenance(
        self, windows: Mapping[int, Sequence[Window]]
    ) -> Iterator[tuple[int, Uptime]]:
        """Each of them, for some of their time is perhaps excused; they are counted no more."""
        if not windows:
            return
        columns = ("pk", _PLACE, "seen__state", "paused", "seen__since")
        rows: Any = Endpoint.objects.filter(pk__in=list(windows)).order_by()
        seen = courses(self._start, self._now, endpoints=list(windows))
        for pk, connection, state, paused, since in rows.values_list(*columns):
            self._kinds[connection, State(state), paused, since > self._start] -= 1
            course = seen.get(pk)
            never = self._all_day(State.UNKNOWN, "never")
            yield connection, uptime(course, windows[pk]) if course else never

    def _windows(self) -> Mapping[int, list[Window]]:
        connections = {connection for connection, *_rest in self._kinds}
        rows = Maintenance.objects.filter(endpoint__interface__connection__in=connections)
        found: dict[int, list[Window]] = defaultdict(list)
        for row in rows.filter(start__lt=self._now, end__gt=self._start).order_by():
            found[row.endpoint_id].append(Window(row.start, row.end))
        return found

    def _all_day(self, state: State, reason: str) -> Uptime:
        return uptime([Interval(state, self._start, self._now, reason)])
