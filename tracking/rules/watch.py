"""When must operators be told that the portal itself stands still, and how often?"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# How long may mail that is due wait before it is held that none leaves?
LONGEST_WAIT = timedelta(minutes=15)
TOLD_AGAIN = timedelta(hours=4)
# After that, that something is over is no news by a way that did not work for so long.
OVER_IS_NEWS = timedelta(days=1)
# A way that fails is tried at the next look, then ever less often: each try is kept for ever.
_FIRST_WAIT, _LAST_WAIT = timedelta(seconds=20), timedelta(minutes=15)


class Trouble(StrEnum):
    REPORT_LATE = "report_late"
    STOPPED = "stopped"
    UNSENT = "unsent"


class Why(StrEnum):
    """The graver first; of a report that is late, or of mail that does not leave."""

    NOT_MADE = "not_made"
    STANDS_STILL = "stands_still"  # nothing hinders it, and nobody makes it
    PUT_OFF = "put_off"
    UNTRIED = "untried"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Sign:
    """When a process of ours was last at work; `expected`: whether there is work for it. One that
    was never seen is not missed: it may never have been wanted, as on a new site."""

    name: str
    at: datetime | None
    expected: bool = True

    def is_missed(self, now: datetime, patience: timedelta) -> bool:
        return self.at is not None and self.expected and now - self.at > patience


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong now. `subject`: the schedule or the process; `count` of `of` messages; `said`:
    the words of whoever refused."""

    kind: Trouble
    subject: str
    since: datetime
    why: Why | None = None
    count: int = 0
    of: int = 0
    said: str = ""

    @property
    def reason(self) -> str:
        """As it is stored: words are for the reader's language, later."""
        return f"{self.why or '-'} {self.count}/{self.of} {self.said}".strip()[:500]


def reason_parts(reason: str) -> tuple[Why | None, int, int, str]:
    """What a stored reason says: why, of how many messages out of how many, in whose words."""
    why, _space, rest = reason.partition(" ")
    numbers, _space, said = rest.partition(" ")
    count, _slash, of = numbers.partition("/")
    known = Why(why) if why in set(Why) else None
    return known, _number(count), _number(of), said


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def why_not_out(states: Mapping[str, int], tried: int) -> tuple[Why, int] | None:
    """Of the deliveries of one message, by state: the gravest thing and how many it holds up;
    `tried`: how many of those that wait were put off. None when all have arrived."""
    waiting = states.get("queued", 0) + states.get("sending", 0)
    order = (
        (Why.PUT_OFF, min(tried, waiting)),
        (Why.UNTRIED, waiting - min(tried, waiting)),
        (Why.REFUSED, states.get("failed", 0)),
        (Why.UNCERTAIN, states.get("uncertain", 0)),
    )
    return next(((why, count) for why, count in order if count), None)


@dataclass(frozen=True, slots=True)
class Told:
    """That an alarm was told by one way: when, whether the way took it, and whether it said that
    the alarm is over."""

    at: datetime
    taken: bool
    over: bool = False


def is_to_tell(tellings: Sequence[Told], ended_at: datetime | None, now: datetime) -> bool:
    """Of one alarm by one way, the tellings in order: when it opens, every four hours, and that it
    is over to whoever heard that it began."""
    if tellings and not tellings[-1].taken and now < tellings[-1].at + _wait(tellings):
        return False
    heard = [told for told in tellings if told.taken]
    if ended_at is None:
        return not heard or now - heard[-1].at >= TOLD_AGAIN
    return bool(heard) and not heard[-1].over and now - ended_at < OVER_IS_NEWS


def _wait(tellings: Iterable[Told]) -> timedelta:
    failures = 0
    for told in tellings:
        failures = 0 if told.taken else failures + 1
    doubled: timedelta = _FIRST_WAIT * 2 ** min(failures - 1, 10)
    return min(doubled, _LAST_WAIT)
