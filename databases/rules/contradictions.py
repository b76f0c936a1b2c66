"""Which contradictions between declared and seen stand open? Opened and closed by rule alone."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from tracking.rules.instants import day_of

WAIVED_AT_MOST = timedelta(days=90)


class Rule(StrEnum):
    CONNECTED_BUT_DOWN = "connected_but_down"
    CONNECTED_UNPROBED = "connected_unprobed"
    WORKS_UNDECLARED = "works_undeclared"
    ANSWERS_BUT_STALE = "answers_but_stale"
    SUSPENDED_BUT_ANSWERS = "suspended_but_answers"
    EVIDENCE_FAILS = "evidence_fails"


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
    Rule.EVIDENCE_FAILS: (
        "đã nộp theo kết quả kiểm tra tự động nhưng nay không còn đạt",
        "submitted on the evidence of probes, which now fail",
    ),
}


class Party(StrEnum):
    """Who has to act; the register knows who that is."""

    OWNER = "owner"
    COUNTERPART = "counterpart"
    CARRIER = "carrier"


class Event(StrEnum):
    """What is written in the course of a contradiction."""

    OPENED = "opened"
    CHANGED = "changed"
    CLOSED = "closed"
    WAIVED = "waived"


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
class Contradiction:
    """`since`: when it became so; `opened_at`: when a rule first said so. `key`: its row."""

    rule: Rule
    connection: str
    since: datetime
    opened_at: datetime
    party: Party = Party.OWNER
    endpoints: tuple[str, ...] = ()
    closed_at: datetime | None = None
    closed_because: str = ""  # stage: declared otherwise; seen: the probes agree again
    waived_until: datetime | None = None  # by the last waiver
    key: int | None = None

    @property
    def open(self) -> bool:
        return self.closed_at is None

    def waived(self, at: datetime) -> bool:
        """Is it open, and accepted at that instant?"""
        return self.open and self.waived_until is not None and at < self.waived_until


def days_since(since: datetime, at: datetime) -> int:
    """The age in calendar days of Hà Nội."""
    return (day_of(at) - day_of(since)).days


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the course of the contradiction `key`; `number` orders the lines."""

    number: int
    key: int
    rule: Rule
    connection: str
    since: datetime
    at: datetime
    event: Event
    party: Party | None = None
    endpoints: tuple[str, ...] = ()
    until: datetime | None = None
    reason: str = ""


def told(entries: Iterable[Entry]) -> list[Contradiction]:
    """The contradictions as these entries tell them, in any order; one whose opening is not among
    them is not told."""
    found: dict[int, Contradiction] = {}
    for entry in sorted(entries, key=lambda entry: entry.number):
        if entry.event is Event.OPENED:
            found[entry.key] = Contradiction(
                entry.rule, entry.connection, entry.since, entry.at, key=entry.key
            )
        if entry.key in found:
            found[entry.key] = _after(found[entry.key], entry)
    return list(found.values())


def _after(held: Contradiction, entry: Entry) -> Contradiction:
    match entry.event:
        case Event.OPENED | Event.CHANGED:
            party = entry.party or held.party
            return replace(held, party=party, endpoints=entry.endpoints)
        case Event.CLOSED:
            return replace(held, closed_at=entry.at, closed_because=entry.reason)
        case Event.WAIVED:
            return replace(held, waived_until=entry.until)


@dataclass(frozen=True, slots=True)
class Changes:
    opened: tuple[Contradiction, ...] = ()
    changed: tuple[Contradiction, ...] = ()  # open as before: another's, or of other endpoints
    closed: tuple[Contradiction, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opened or self.changed or self.closed)


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


class WaiverFault(StrEnum):
    """Why a contradiction cannot be accepted for a while."""

    CLOSED = "closed"
    UNSAID = "unsaid"
    TOO_LONG = "too_long"


def waiver_fault(
    contradiction: Contradiction, at: datetime, *, until: datetime, by: str, reason: str
) -> WaiverFault | None:
    """None when it may be accepted until then. A waiver closes nothing."""
    if not contradiction.open:
        return WaiverFault.CLOSED
    if not by or not reason.strip():
        return WaiverFault.UNSAID
    if not at < until <= at + WAIVED_AT_MOST:
        return WaiverFault.TOO_LONG
    return None
