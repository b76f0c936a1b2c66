"""Do the probes of a connection prove that its task is done? So many successes in a row of every
endpoint, over so long, propose a submission; people decide."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from databases.rules.track import Depth


@dataclass(frozen=True, slots=True)
class Run:
    """The successes of an endpoint without a warning, a failure or a gap between them, to now."""

    endpoint: str
    interface: str
    successes: int
    since: datetime | None  # of the first of them
    depth: Depth = Depth.CONTENT  # how deep its success reaches


@dataclass(frozen=True, slots=True)
class Demand:
    successes: int
    lasting: timedelta


@dataclass(frozen=True, slots=True)
class Proof:
    """`since`: every run has lasted since then, or None. `short`: endpoints whose run is too short,
    and interfaces that nothing asks a question of."""

    holds: bool
    since: datetime | None
    short: tuple[str, ...]


def proof(
    runs: Sequence[Run],
    interfaces: Iterable[str],
    demand: Demand,
    now: datetime,
    *,
    decided_at: datetime | None = None,
) -> Proof:
    """Whether it holds at `now`. `decided_at`: what somebody decided on before counts no more, so
    that a proposal that was declined is not made again the next minute."""
    short = [run.endpoint for run in runs if not _enough(run, demand, now, decided_at)]
    # An open port is no answer.
    asked = {run.interface for run in runs if run.depth >= Depth.REQUEST}
    short += sorted(set(interfaces) - asked)
    begun = [run.since for run in runs if run.since is not None]
    whole = len(begun) == len(runs) > 0
    since = max([*begun, *([decided_at] if decided_at else [])]) if whole else None
    return Proof(whole and not short, since, tuple(short))


def _enough(run: Run, demand: Demand, now: datetime, decided_at: datetime | None) -> bool:
    if run.since is None or run.successes < demand.successes:
        return False
    since = max(run.since, decided_at) if decided_at else run.since
    return now - since >= demand.lasting
