"""Does what people declared of a connection agree with what the probes see of it?"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from databases.rules.contradictions import Answer, Judged, Party, Rule
from databases.rules.stage import Stage
from databases.rules.track import Blame, Depth, State


@dataclass(frozen=True, slots=True)
class EndpointSeen:
    code: str
    interface: str
    state: State
    since: datetime
    depth: Depth = Depth.CONTENT  # how deep its success reaches
    blame: Blame | None = None
    measures_age: bool = False
    stale: bool | None = None  # None: the last attempt read no age
    stale_since: datetime | None = None  # when its data became too old
    ever_answered: bool = True
    paused: bool = False
    maintenance: bool = False

    @property
    def answers(self) -> bool:
        """An open port is no answer."""
        return self.state in {State.UP, State.DEGRADED} and self.depth >= Depth.REQUEST


@dataclass(frozen=True, slots=True)
class ConnectionSeen:
    code: str
    stage: Stage | None
    stage_since: datetime
    interfaces: tuple[str, ...]
    endpoints: tuple[EndpointSeen, ...]
    evidence_since: datetime | None = None  # a task stands submitted on what its probes saw

    @property
    def active(self) -> tuple[EndpointSeen, ...]:
        return tuple(endpoint for endpoint in self.endpoints if not endpoint.paused)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long something must have been so before it is held against anybody."""

    down: timedelta = timedelta(0)
    unprobed: timedelta = timedelta(hours=1)
    works: timedelta = timedelta(hours=72)
    stale: timedelta = timedelta(0)
    suspended: timedelta = timedelta(hours=1)
    evidence: timedelta = timedelta(0)


Answered = tuple[Answer, Sequence[EndpointSeen]]


@dataclass(frozen=True, slots=True)
class _Test:
    """A rule: for these declared stages, what is seen must not be broken for so long."""

    stages: frozenset[Stage | None]
    seen: Callable[[ConnectionSeen], Answered]
    patience: Callable[[Patience], timedelta]


def judge(connection: ConnectionSeen, now: datetime, patience: Patience) -> list[Judged]:
    """What every rule says of a connection at `now`."""
    return [_judged(rule, connection, now, patience) for rule in Rule]


def _judged(rule: Rule, connection: ConnectionSeen, now: datetime, patience: Patience) -> Judged:
    test = _TESTS[rule]
    if connection.stage not in test.stages:
        since = connection.stage_since
        return Judged(rule, connection.code, Answer.HOLDS, since, because="stage")
    answer, guilty = test.seen(connection)
    since = _since(rule, connection, guilty)
    if answer is Answer.BROKEN and now - since < test.patience(patience):
        answer = Answer.UNDECIDED
    codes = tuple(sorted(endpoint.code for endpoint in guilty))
    because = "seen" if answer is Answer.HOLDS else ""
    return Judged(rule, connection.code, answer, since, codes, _party(rule, guilty), because)


def _since(rule: Rule, connection: ConnectionSeen, guilty: Sequence[EndpointSeen]) -> datetime:
    """What is seen contradicts nothing before it was declared, or submitted, otherwise."""
    said = connection.stage_since
    if rule is Rule.EVIDENCE_FAILS:
        said = connection.evidence_since or said
    seen = [_became_so(rule, endpoint) for endpoint in guilty] or [said]
    # All must work before it works, and the last probe must end before nothing probes; otherwise
    # one endpoint is enough.
    everyone = rule in {Rule.WORKS_UNDECLARED, Rule.CONNECTED_UNPROBED}
    return max(said, max(seen) if everyone else min(seen))


def _became_so(rule: Rule, endpoint: EndpointSeen) -> datetime:
    if rule is Rule.ANSWERS_BUT_STALE:
        return endpoint.stale_since or endpoint.since
    return endpoint.since


def _party(rule: Rule, guilty: Sequence[EndpointSeen]) -> Party:
    if rule is not Rule.CONNECTED_BUT_DOWN:
        return Party.OWNER
    # One that is down because of what it depends on has no blame of its own.
    blames = {endpoint.blame for endpoint in guilty if endpoint.blame is not None}
    if blames == {Blame.THEIRS}:
        return Party.COUNTERPART
    return Party.CARRIER if blames == {Blame.NETWORK} else Party.OWNER


def _down(connection: ConnectionSeen) -> Answered:
    down = [e for e in connection.endpoints if e.state is State.DOWN and not e.maintenance]
    if down:
        return Answer.BROKEN, down
    fine = all(endpoint.state in {State.UP, State.DEGRADED} for endpoint in connection.endpoints)
    return Answer.HOLDS if fine else Answer.UNDECIDED, ()


def _unprobed(connection: ConnectionSeen) -> Answered:
    probed = {endpoint.interface for endpoint in connection.active}
    missing = set(connection.interfaces) - probed
    if not probed or missing:
        paused = [e for e in connection.endpoints if e.paused and e.interface in missing]
        known = missing and missing == {endpoint.interface for endpoint in paused}
        return Answer.BROKEN, paused if known else ()
    silent = [e for e in connection.active if not e.ever_answered and e.state is State.UNKNOWN]
    return (Answer.BROKEN, silent) if silent else (Answer.HOLDS, ())


def _works(connection: ConnectionSeen) -> Answered:
    working = [endpoint for endpoint in connection.active if endpoint.answers]
    if not connection.endpoints or any(e.state is State.DOWN for e in connection.active):
        return Answer.HOLDS, ()
    everywhere = not set(connection.interfaces) - {endpoint.interface for endpoint in working}
    settled = all(e.state in {State.UP, State.DEGRADED} for e in connection.active)
    if working and everywhere and settled:
        return Answer.BROKEN, working
    return Answer.UNDECIDED, ()


def _stale(connection: ConnectionSeen) -> Answered:
    measuring = [endpoint for endpoint in connection.endpoints if endpoint.measures_age]
    stale = [endpoint for endpoint in measuring if endpoint.stale]
    if stale:
        return Answer.BROKEN, stale
    fresh = all(endpoint.stale is False for endpoint in measuring)
    return Answer.HOLDS if fresh else Answer.UNDECIDED, ()


def _still_answers(connection: ConnectionSeen) -> Answered:
    answering = [endpoint for endpoint in connection.endpoints if endpoint.answers]
    if answering:
        return Answer.BROKEN, answering
    asked = [e for e in connection.endpoints if e.depth >= Depth.REQUEST]
    silent = all(endpoint.state is State.DOWN for endpoint in asked)
    return Answer.HOLDS if silent else Answer.UNDECIDED, ()


def _evidence(connection: ConnectionSeen) -> Answered:
    return (Answer.HOLDS, ()) if connection.evidence_since is None else _down(connection)


_CONNECTED: frozenset[Stage | None] = frozenset({Stage.CONNECTED})
_SUSPENDED: frozenset[Stage | None] = frozenset({Stage.SUSPENDED})
_NOT_YET = frozenset({None, *Stage}) - _CONNECTED - _SUSPENDED
_TESTS: dict[Rule, _Test] = {
    Rule.CONNECTED_BUT_DOWN: _Test(_CONNECTED, _down, lambda p: p.down),
    Rule.CONNECTED_UNPROBED: _Test(_CONNECTED, _unprobed, lambda p: p.unprobed),
    Rule.WORKS_UNDECLARED: _Test(_NOT_YET, _works, lambda p: p.works),
    Rule.ANSWERS_BUT_STALE: _Test(_CONNECTED, _stale, lambda p: p.stale),
    Rule.SUSPENDED_BUT_ANSWERS: _Test(_SUSPENDED, _still_answers, lambda p: p.suspended),
    Rule.EVIDENCE_FAILS: _Test(frozenset({None, *Stage}), _evidence, lambda p: p.evidence),
}
