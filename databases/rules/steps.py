"""Which official steps build on each other, how long do security minutes hold, and what speaks
against believing that a connection is connected?"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

# The five steps of guidance 4856/BCA-TTDLQG; each builds on the one before.
ORDER = ("scope_agreed", "appraised", "set_up", "tested", "in_operation")
SUSPENDED, SECURITY_MINUTES = "suspended", "security_minutes"
# What happens again and again: of these the newest holds, whenever it was recorded.
_REPEATED = frozenset({"in_operation", SUSPENDED, SECURITY_MINUTES})
SOON = timedelta(days=30)

# Vietnamese, English: files and issued lists hold both languages whatever the reader's.
STEP_WORDS: dict[str, tuple[str, str]] = {
    "scope_agreed": ("thống nhất nội dung, phạm vi", "content and scope agreed"),
    "appraised": ("thẩm định, phê duyệt phương án", "plan appraised and approved"),
    "set_up": ("thiết lập, cấu hình", "set up and configured"),
    "tested": ("kiểm thử, đã ký biên bản", "tested, minutes signed"),
    "in_operation": ("khai thác chính thức", "in official operation"),
    SUSPENDED: ("tạm dừng", "suspended"),
    SECURITY_MINUTES: ("ký biên bản an toàn thông tin", "security minutes signed"),
}


@dataclass(frozen=True, slots=True)
class Taken:
    done_on: date
    expires_on: date | None = None


class Minutes(StrEnum):
    """How security minutes stand on a day; their last day is included."""

    NONE = "none"
    HOLD = "hold"
    EXPIRE_SOON = "expire_soon"  # within 30 days
    EXPIRED = "expired"


class Doubt(StrEnum):
    """What speaks against believing that a connection is connected."""

    STEPS_MISSING = "steps_missing"
    SUSPENDED = "suspended"
    NO_MINUTES = "no_minutes"
    MINUTES_EXPIRED = "minutes_expired"
    NO_SECURITY_LEVEL = "no_security_level"
    NO_INTERFACE = "no_interface"
    NO_PROBE = "no_probe"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a connection. `unprobed`: interfaces that nothing probes; `silent`: endpoints that do not
    answer now."""

    taken: Mapping[str, Taken]
    security_level: int | None
    interfaces: int
    unprobed: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


def latest(records: Iterable[tuple[str, Taken]]) -> dict[str, Taken]:
    """Step → what holds, from records in the order in which they were made: a later record corrects
    an earlier one, also to an earlier day; of what repeats the newest holds."""
    found: dict[str, Taken] = {}
    for step, taken in records:
        held = found.get(step)
        if held is None or step not in _REPEATED or taken.done_on >= held.done_on:
            found[step] = taken
    return found


def minutes_on(day: date, expires_on: date | None) -> Minutes:
    """How minutes that hold until `expires_on` stand; without a day there are none."""
    if expires_on is None:
        return Minutes.NONE
    if expires_on < day:
        return Minutes.EXPIRED
    return Minutes.EXPIRE_SOON if expires_on - day <= SOON else Minutes.HOLD


def out_of_order(
    step: str, done_on: date, taken: Mapping[str, Taken]
) -> tuple[list[str], list[str]]:
    """(steps that this one builds on but that were taken later, steps that build on it but were
    taken earlier)"""
    if step not in ORDER:
        return [], []
    place = ORDER.index(step)
    before = [s for s in ORDER[:place] if s in taken and taken[s].done_on > done_on]
    after = [s for s in ORDER[place + 1 :] if s in taken and taken[s].done_on < done_on]
    return before, after


def missing(taken: Mapping[str, Taken]) -> list[str]:
    return [step for step in ORDER if step not in taken]


def is_suspended(taken: Mapping[str, Taken]) -> bool:
    """Suspended, and not put into operation again since."""
    suspended, resumed = taken.get(SUSPENDED), taken.get("in_operation")
    return suspended is not None and (resumed is None or resumed.done_on < suspended.done_on)


def doubts(facts: Facts, day: date) -> list[Doubt]:
    """What speaks against "connected" on that day."""
    minutes = facts.taken.get(SECURITY_MINUTES)
    standing = minutes_on(day, minutes.expires_on if minutes else None)
    speaks = {
        Doubt.STEPS_MISSING: bool(missing(facts.taken)),
        Doubt.SUSPENDED: is_suspended(facts.taken),
        Doubt.NO_MINUTES: standing is Minutes.NONE,
        Doubt.MINUTES_EXPIRED: standing is Minutes.EXPIRED,
        Doubt.NO_SECURITY_LEVEL: facts.security_level is None,
        Doubt.NO_INTERFACE: facts.interfaces == 0,
        Doubt.NO_PROBE: bool(facts.unprobed),
        Doubt.NO_ANSWER: bool(facts.silent),
    }
    return [doubt for doubt, so in speaks.items() if so]
