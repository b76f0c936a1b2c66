"""Storing alone: claims and finished batches of the pump without a probe in between, measured from
inside; prints one line of JSON.

    python -m benchmarks.probes_storing --seconds 3
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

import django
from benchlib import cpu as cpu_of  # type: ignore[import-not-found]

django.setup()

from benchmarks.probes_endpoints import fill  # noqa: E402 - models only after the set-up
from benchmarks.probes_engine import cpu  # noqa: E402
from benchmarks.probes_pump import POSTMASTER  # noqa: E402
from databases.probes.reading import Reading  # noqa: E402
from databases.pump.attempts import begin  # noqa: E402
from databases.pump.claim import claim, database_clock  # noqa: E402
from databases.pump.configuration import Configuration  # noqa: E402
from databases.pump.finish import finish  # noqa: E402
from databases.pump.judged import Around, judged  # noqa: E402
from databases.pump.run import BATCH  # noqa: E402

ENDPOINTS, INTERVAL = 10_000, 60


@dataclass(slots=True)
class Spent:
    """Seconds, and CPU seconds of our own."""

    wall: float = 0.0
    cpu: float = 0.0

    def during(self, work: Callable[[], list[Any]]) -> list[Any]:
        wall, used = monotonic(), cpu()
        done = work()
        self.wall += monotonic() - wall
        self.cpu += cpu() - used
        return done


@dataclass(slots=True)
class Storing:
    """Claims and finishes what is due; its clock goes on when nothing is."""

    now: datetime
    configuration: Any
    stored: int = 0
    claiming: Spent = field(default_factory=Spent)
    judging: Spent = field(default_factory=Spent)
    finishing: Spent = field(default_factory=Spent)
    server: float = field(default_factory=lambda: cpu_of(POSTMASTER))

    def step(self) -> None:
        attempts = self.claiming.during(self._claim)
        if not attempts:
            self.now += timedelta(seconds=INTERVAL)
            return
        for attempt in attempts:
            attempt.handed_in = self.now
        ended = [attempt.ended(_reading(number)) for number, attempt in enumerate(attempts)]
        # Judged once more, to tell what that costs: it changes nothing.
        around = Around(self.now)
        self.judging.during(lambda: [judged(attempt, around) for attempt in ended])
        self.stored += len(self.finishing.during(lambda: finish(ended, self.now)))

    def _claim(self) -> list[Any]:
        return begin(claim(BATCH, self.now), self.configuration, self.now, 0.0)

    def line(self) -> dict[str, float]:
        each, server = 1e6 / self.stored, cpu_of(POSTMASTER) - self.server
        storing = self.finishing.cpu - self.judging.cpu
        return {
            "n": self.stored,
            "per_wall": self.stored / (self.finishing.wall - self.judging.wall),
            "us": each * (storing + server),
            "storing_us": each * storing,
            "server_us": each * server,
            "claiming_us": each * self.claiming.cpu,
            "judging_us": each * self.judging.cpu,
            "all_us": each * (self.claiming.cpu + self.finishing.cpu + server),
            "all_per_wall": self.stored / (self.claiming.wall + self.finishing.wall),
        }


def measured(seconds: float) -> dict[str, float]:
    """For so long, after each endpoint was stored once."""
    now = database_clock()
    fill("https", ENDPOINTS, 0, INTERVAL, now)
    first = Storing(now, Configuration())
    while first.stored < ENDPOINTS:
        first.step()
    storing = Storing(first.now, first.configuration)
    while storing.finishing.wall < seconds:
        storing.step()
    return storing.line()


def _reading(number: int) -> Reading:
    """Of a healthy endpoint, over HTTPS."""
    return Reading(
        waited=number,
        names=5 + number % 7,
        connect=150 + number % 50,
        tls=1_200 + number % 99,
        first_byte=600 + number % 500,
        total=2_000 + number % 700,
        status=200,
        days_left=90,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0)
    print(json.dumps(measured(parser.parse_args().seconds)), flush=True)


if __name__ == "__main__":
    main()
