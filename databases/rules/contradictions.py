"""Which contradictions between declared and seen stand open? Opened and closed by rule alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

WAIVED_AT_MOST = timedelta(days=90)


class Rule(StrEnum):
    CONNECTED_BUT_DOWN = "connected_but_down"
    CONNECTED_UNPROBED = "connected_unprobed"
    WORKS_UNDECLARED = "works_undeclared"
    ANSWERS_BUT_STALE = "answers_but_stale"
    SUSPENDED_BUT_ANSWERS = "suspended_but_answers"


# Vietnamese, English: issued lists hold both languages whatever the reader's.
RULE_WORDS: dict[Rule, tuple[str, str]] = {
    Rule.CONNECTED_BUT_DOWN: ("khai báo đã kết nối nhưng không hoạt động", "connected, but down"),
    Rule.CONNECTED_UNPROBED: (
        "khai báo đã kết nối nhưng chưa được kiểm tra",
        "connected, but nothing probes it",
    ),
    Rule.WORKS_UNDECLARED: (
        "đang hoạt động nhưng chưa được khai báo",
        "works, but nobody declared it",
    ),
    Rule.ANSWERS_BUT_STALE: ("có trả lời nhưng dữ liệu cũ", "answers, but its data is stale"),
    Rule.SUSPENDED_BUT_ANSWERS: (
        "khai báo tạm dừng nhưng vẫn trả lời",
        "suspended, but still answers",
    ),
}


class Party(StrEnum):
    """Who has to act; the register knows who that is."""

    OWNER = "owner"
    COUNTERPART = "counterpart"
    CARRIER = "carrier"


class Answer(StrEnum):
    BROKEN = "broken"
    HOLDS = "holds"
    UNDECIDED = "undecided"  # not seen, or not for long enough: neither opens nor closes


@dataclass(frozen=True, slots=True)
class Judged:
    rule: Rule
    connection: str
    answer: Answer
    since: datetime
    endpoints: tuple[str, ...] = ()
    party: Party = Party.OWNER
    because: str = ""  # of a rule that holds: `stage` when it does not apply, else `seen`


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody accepts a contradiction for a while, and says why."""

    at: datetime
    until: datetime
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Contradiction:
    """`since`: when it became so; `opened_at`: when a rule first said so."""

    rule: Rule
    connection: str
    since: datetime
    opened_at: datetime
    party: Party = Party.OWNER
    endpoints: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_because: str = ""  # stage: declared otherwise; seen: the probes agree again
    waivers: tuple[Waiver, ...] = ()

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def age(self, now: datetime) -> timedelta:
        return (self.closed_at or now) - self.since

    def waived(self, now: datetime) -> bool:
        """Is it open, and accepted at `now` by the last waiver?"""
        return self.open and bool(self.waivers) and now < self.waivers[-1].until


@dataclass(frozen=True, slots=True)
class Changes:
    opened: tuple[Contradiction, ...]
    changed: tuple[Contradiction, ...]  # open as before, but somebody else's or other endpoints'
    closed: tuple[Contradiction, ...]


def reconcile(
    register: Iterable[Contradiction], judged: Iterable[Judged], now: datetime
) -> Changes:
    """What the judgements of `now` do to the register. Run twice, it changes nothing more."""
    standing = {(c.rule, c.connection): c for c in register if c.open}
    opened, changed, closed = [], [], []
    for found in judged:
        held = standing.get((found.rule, found.connection))
        if found.answer is Answer.BROKEN and held is None:
            opened.append(_opened(found, now))
        elif found.answer is Answer.BROKEN and held:
            now_so = replace(held, party=found.party, endpoints=found.endpoints)
            changed += [now_so] if now_so != held else []
        elif found.answer is Answer.HOLDS and held:
            closed.append(replace(held, closed_at=now, closed_because=found.because))
    return Changes(tuple(opened), tuple(changed), tuple(closed))


def _opened(found: Judged, now: datetime) -> Contradiction:
    rule, connection, since = found.rule, found.connection, found.since
    return Contradiction(rule, connection, since, now, found.party, found.endpoints)


def waive(
    contradiction: Contradiction, at: datetime, *, until: datetime, by: str, reason: str
) -> Contradiction:
    """Accepted until then; a waiver closes nothing. ValueError when closed, without a reason, or
    for longer than 90 days."""
    if not contradiction.open:
        raise ValueError("the contradiction is closed")
    if not by or not reason.strip():
        raise ValueError("a waiver names who accepts it, and why")
    if not at < until <= at + WAIVED_AT_MOST:
        raise ValueError("a waiver lasts at most 90 days")
    added = Waiver(at, until, by, reason)
    return replace(contradiction, waivers=(*contradiction.waivers, added))
