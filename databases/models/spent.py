"""Where did the time of an endpoint go? Told backwards, from its last change of state on."""

from datetime import datetime, timedelta

from databases.rules.track import State
from databases.rules.uptime import Uptime

_NONE = timedelta(0)
_NOT_KNOWN = (State.UNKNOWN, State.SUSPECT, State.RECOVERING)


class Spent:
    """The same as databases.rules.uptime.uptime says of the intervals, for thousands of endpoints.
    `before`: the state before all that was told so far."""

    __slots__ = ("before", "reached", "states")

    def __init__(self, until: datetime) -> None:
        self.reached = until
        self.before = ""
        self.states: dict[str, timedelta] = {}

    def back_to(self, at: datetime, state: str, before: str) -> None:
        """It was in that state from `at` on, until what was told before."""
        self.before = before
        if at < self.reached:
            self.states[state] = self.states.get(state, _NONE) + (self.reached - at)
            self.reached = at

    @property
    def down(self) -> timedelta:
        return self.states.get(State.DOWN, _NONE)

    @property
    def badness(self) -> tuple[timedelta, timedelta, timedelta]:
        """As databases.models.worst_days_anew.worst judges it."""
        unknown = sum((self._of(state) for state in _NOT_KNOWN), _NONE)
        return self.down, unknown, self._of(State.DEGRADED)

    @property
    def uptime(self) -> Uptime:
        return Uptime(
            up=self._of(State.UP),
            degraded=self._of(State.DEGRADED),
            down=self.down,
            undecided=self._of(State.SUSPECT) + self._of(State.RECOVERING),
            unknown=self._of(State.UNKNOWN),
        )

    def _of(self, state: State) -> timedelta:
        return self.states.get(state, _NONE)
