"""Our prober as a process of its own, measured from inside; prints one line of JSON.

    python -m benchmarks.probes_engine --scheme https --seconds 3

It is the prober of the pump, with guard and verification, and nothing around it: the drivers are
not imported, for its memory is measured too. The targets stand in BENCH_HTTP and BENCH_HTTPS, their
authority in BENCH_CA. The words of the line are those of the drivers, so that one table holds both.
"""

import argparse
import json
import os
import resource
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import ip_network
from itertools import cycle, islice
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from databases.probes.egress import Reach
from databases.probes.names import Names
from databases.probes.prober import Prepared, Prober, Unprepared, Way, prepare
from databases.probes.reading import Reading
from databases.probes.surroundings import Given
from databases.rules.track import Result

HANGING = 9221  # a port that takes the request and never answers
_PAUSE = 0.0005  # s between two looks at what is due
_AHEAD = 500  # handed in before they can start, as the pump claims them
_WAY = Way(Reach("bench", stand_ins=(ip_network("127.0.0.0/8"),)), Names(()))


@dataclass(slots=True)
class Seen:
    """What came back. Times in seconds since the start."""

    ended: int = 0
    results: Counter[str] = field(default_factory=Counter)
    healthy: int = 0
    wrong: int = 0  # healthy endpoints that failed
    last_healthy: float = 0.0
    took: list[float] = field(default_factory=list)  # ms, of those that answered
    waited: list[float] = field(default_factory=list)
    most_at_once: int = 0

    def add(self, answers: bool, reading: Reading, at: float) -> None:
        """`answers`: is it one that should?"""
        self.ended += 1
        self.wrong += answers and reading.result is not Result.OK
        self.results[f"{reading.result.value} {reading.reason}".strip()] += 1
        if reading.result is Result.OK:
            self.healthy += 1
            self.last_healthy = at
            self.took.append(reading.total / 1e3)
            self.waited.append(reading.waited / 1e3)


def cpu() -> float:
    """Seconds of this process and of the children it has waited for."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def targets(scheme: str, count: int, hanging: float) -> list[Prepared]:
    """`count` endpoints over all addresses of the targets, `hanging` of them (0 to 1) evenly
    among them."""
    given = Given(Path(os.environ["BENCH_CA"]).read_text("ascii") if scheme == "https" else "")
    bases = os.environ[f"BENCH_{scheme.upper()}"].split()
    every = round(1 / hanging) if hanging else 0
    found = []
    for number in range(count):
        url = f"{bases[number % len(bases)]}?e={number}"
        if every and number % every == 0:
            url = f"http://127.0.0.{number // every % 16 + 1}:{HANGING}/?e={number}"
        found.append(_endpoint(url, given))
    return found


def _endpoint(url: str, given: Given) -> Prepared:
    spec = {"url": url, "contains": '"status":"ok"'}
    endpoint = prepare("http", spec, given, timeout=10)
    if isinstance(endpoint, Unprepared):
        raise SystemExit(f"{url} cannot be probed: {endpoint.reason}")
    return endpoint


@dataclass(slots=True)
class Engine:
    """A prober, who hands it endpoints, and what came of it."""

    prober: Prober = field(default_factory=Prober)
    seen: Seen = field(default_factory=Seen)
    begun: float = field(default_factory=monotonic)

    @property
    def passed(self) -> float:
        """Seconds since the start."""
        return monotonic() - self.begun

    def hand_in(self, endpoints: Iterator[Prepared]) -> None:
        now = datetime.now(UTC)
        for endpoint in endpoints:
            answers = endpoint.spec.call.target.port != HANGING
            self.prober.hand_in(answers, endpoint, _WAY, now)

    def turn(self) -> None:
        loop = self.prober.loop
        if not len(loop):
            sleep(_PAUSE)
        loop.turn(_PAUSE)
        for answers, reading in self.prober.taken():
            self.seen.add(answers, reading, self.passed)
        self.seen.most_at_once = max(self.seen.most_at_once, len(loop) - loop.waiting)

    def end(self) -> None:
        """Until nothing is under way."""
        while len(self.prober.loop):
            self.turn()


def at_full_speed(engine: Engine, endpoints: list[Prepared], seconds: float) -> None:
    """As fast as they go, for so long."""
    source = cycle(endpoints)
    while engine.passed < seconds:
        if engine.prober.loop.waiting < _AHEAD:
            engine.hand_in(islice(source, _AHEAD))
        engine.turn()
    engine.end()


def all_at_once(engine: Engine, endpoints: list[Prepared]) -> None:
    """Each of them once, all handed in at the start."""
    engine.hand_in(iter(endpoints))
    engine.end()


def paced(engine: Engine, endpoints: list[Prepared], seconds: float, rate: float) -> None:
    """`rate` of them a second, whether or not those before have ended."""
    source, given = cycle(endpoints), 0
    while (passed := engine.passed) < seconds:
        due = int(passed * rate) - given
        engine.hand_in(islice(source, due))
        given += due
        engine.turn()
    engine.end()


def measured(run: Callable[[Engine], None]) -> dict[str, Any]:
    """Run it; the line."""
    engine, used, held = Engine(), cpu(), descriptors()
    run(engine)
    used, wall, seen = cpu() - used, engine.passed, engine.seen
    return {
        "n": seen.ended,
        "ok": seen.healthy,
        "wrong": seen.wrong,
        "cpu_s": used,
        "wall_s": wall,
        "per_cpu": seen.ended / used,
        "per_wall": seen.ended / wall,
        "p50_ms": middle(seen.took),
        "waited_p50_ms": middle(seen.waited),
        "last_healthy_s": seen.last_healthy,
        "most_at_once": seen.most_at_once,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "descriptors_left": descriptors() - held,
        "results": dict(seen.results),
    }


def middle(values: list[float]) -> float:
    """The median, without the megabytes of the module for it."""
    return sorted(values)[len(values) // 2] if values else 0.0


def descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scheme", default="http", choices=["http", "https"])
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--count", type=int, help="each once, all at once, instead of --seconds")
    parser.add_argument("--rate", type=float, help="so many a second")
    parser.add_argument("--hanging", type=float, default=0.0)
    given = parser.parse_args()
    endpoints = targets(given.scheme, given.count or 160, given.hanging)
    if given.rate:
        line = measured(lambda engine: paced(engine, endpoints, given.seconds, given.rate))
    elif given.count:
        line = measured(lambda engine: all_at_once(engine, endpoints))
    else:
        line = measured(lambda engine: at_full_speed(engine, endpoints, given.seconds))
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
