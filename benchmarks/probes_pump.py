"""The whole pump as a process of its own on a real PostgreSQL, measured from inside.

    python -m benchmarks.probes_pump --seconds 5

It probes what benchmarks.probes_endpoints has written. Prints one line of JSON; its CPU is that of
the process and of PostgreSQL.
"""

import argparse
import json
import os
import resource
import sys
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

import django
from benchlib import cpu as cpu_of  # type: ignore[import-not-found]

from benchmarks.probes_engine import cpu, descriptors

POSTMASTER = int(os.environ["BENCH_POSTMASTER"])


@dataclass(slots=True)
class Sample:
    """Of the pump at an instant; seconds, MB."""

    at: float
    finished: int
    own: float
    server: float
    descriptors: int
    rss: float

    @classmethod
    def of(cls, pump: Any) -> "Sample":
        used = cpu_of(POSTMASTER)
        return cls(monotonic(), pump.count.finished, cpu(), used, descriptors(), resident())


def resident() -> float:
    """MB of this process now."""
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / 1e6


@dataclass(slots=True)
class Watch:
    """Tells the pump when to end. Measures from when `warm` probes are finished, for so many
    seconds, or until `most` are."""

    pump: Any
    warm: int
    seconds: float
    most: int
    samples: list[Sample] = field(default_factory=list)
    _next: float = 0.0

    def __call__(self) -> bool:
        finished, now = self.pump.count.finished, monotonic()
        # Results are finished in batches: between two of them the count says too little.
        moved = not self.samples or finished > self.samples[-1].finished
        if finished < self.warm or not moved or (now < self._next and finished < self.most):
            return False
        self.samples.append(Sample.of(self.pump))
        self._next = now + 0.5
        return now - self.samples[0].at >= self.seconds or finished >= self.most


def measured(watch: Watch) -> dict[str, Any]:
    """Run the pump until the watch says so; the line."""
    watch.pump.run(until=watch, patience=12)
    first, last = watch.samples[0], watch.samples[-1]
    probes, wall = last.finished - first.finished, last.at - first.at
    own, server = last.own - first.own, last.server - first.server
    settled = watch.samples[len(watch.samples) // 2 :]
    return {
        "n": probes,
        "wall_s": wall,
        "cpu_s": own + server,
        "own_cpu_s": own,
        "server_cpu_s": server,
        "per_cpu": probes / (own + server),
        "per_wall": probes / wall,
        "us": 1e6 * (own + server) / probes,
        "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "rss_grown_mb": settled[-1].rss - settled[0].rss,
        "descriptors_most": max(sample.descriptors for sample in settled),
        "descriptors_drift": settled[-1].descriptors / settled[0].descriptors,
        "finished": last.finished,
        "fenced": watch.pump.count.fenced,
        "missed": watch.pump.count.missed,
        **stored(),
    }


def stored() -> dict[str, Any]:
    """What the database holds of it."""
    from django.db import connection
    from django.db.models import Count, Max, Min

    from benchmarks.probes_engine import HANGING
    from databases.models import Check

    rows = Check.objects.exclude(endpoint__spec__url__icontains=f":{HANGING}/")
    healthy = rows.filter(result="ok")
    # The first of each: sentinels are asked again when others begin to fail.
    firsts = healthy.values("endpoint").annotate(at=Min("started_at"))
    ends = firsts.aggregate(first=Min("at"), last=Max("at"))
    words = Check.objects.values_list("result", "reason").annotate(n=Count("slot_at"))
    found = {
        "ok": healthy.count(),
        "counted": healthy.count(),
        "wrong": rows.exclude(result="ok").count(),
        "results": {f"{result} {reason}".strip(): n for result, reason, n in words},
        "last_healthy_s": (ends["last"] - ends["first"]).total_seconds(),
    }
    connection.close()
    return found


def made(options: argparse.Namespace) -> Watch:
    """A pump that knows its endpoints, as one that has run for a minute does."""
    from databases.models import EndpointState
    from databases.pump.claim import database_clock
    from databases.pump.room import make_room
    from databases.pump.run import Pump

    pump = Pump(name="bench", said=lambda sentence: print(sentence, file=sys.stderr))
    known = list(EndpointState.objects.values_list("pk", "version"))
    for start in range(0, len(known), 500):
        pump.configuration.of(known[start : start + 500], database_clock())
    EndpointState.objects.update(next_due_at=database_clock())
    make_room()
    if options.once:
        return Watch(pump, 0, options.seconds, len(known))
    return Watch(pump, options.warm, options.seconds, 1 << 60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--warm", type=int, default=2_000, help="probes before the measurement")
    parser.add_argument("--once", action="store_true", help="end when each has been probed")
    django.setup()
    print(json.dumps(measured(made(parser.parse_args()))), flush=True)


if __name__ == "__main__":
    main()
