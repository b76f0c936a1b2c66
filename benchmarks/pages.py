"""How fast are the portal's pages with much in them, beside the same pages with little and beside
a lean page? Prints tables in Markdown.

    python -m benchmarks.pages [--quick] [--large] [--rounds 5]

Sequential GETs from gunicorn with one synchronous worker, on one PostgreSQL that is started for
this and ends with it. A small portal (10 departments, 1,000 tasks, 120 endpoints) and a big one
(100 departments, 10,000 tasks; with --large 1,000 departments, 100,000 tasks, 10,000 endpoints),
both with a year of daily sums and two issued lists. Beside them, in the same run: a view that says
hello, a lean list of fifty rows (sign-in, one query, one template), and the changelist of Django's
own admin on as many rows as there are tasks. All take turns in shuffled rounds; ratios are taken
round by round. Healthchecks and NetBox, against which the goals were set, cannot be installed from
a package registry: the goals against them are told as multiples of the lean page, which was
measured beside them on the same machine when they were set.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg

from benchmarks.pages_goals import goals
from benchmarks.pages_served import NOW, Page, served
from benchmarks.probes import machine
from benchmarks.probes_peers import ROOT
from benchmarks.probes_table import Rounds, header, print_goals, row, spread, written
from tests.servers import PostgreSQL


@dataclass(frozen=True)
class Size:
    name: str
    departments: int
    tasks: int
    endpoints: int

    def told(self) -> str:
        return (
            f"{self.name}: {self.departments:,} departments, {self.tasks:,} tasks, "
            f"{self.endpoints:,} endpoints"
        )


SMALL = Size("small", 10, 1_000, 120)
BIG = Size("big", 100, 10_000, 1_000)
LARGE = Size("big", 1_000, 100_000, 10_000)

#  name: address, with the keys that benchmarks.pages_rows prints
PAGES: Mapping[str, str] = {
    "overview": "/",
    "task list": "/tasks/",
    "task list, filtered": "/tasks/?standing=overdue&text=du+lieu",
    "task list, by department": "/tasks/?lead=D0001",
    "task list, far page": "/tasks/?page={far}",
    "task": "/tasks/{task}/",
    "departments": "/departments/",
    "department": "/departments/{department}/",
    "my work": "/my-work/",
    "verification": "/verification/",
    "calendar": "/calendar/",
    "databases": "/databases/",
    "database": "/databases/{database}/",
    "database, the crowded one": "/databases/{crowded}/",
    "status": "/databases/status/",
    "live poll": "/databases/changes/?since={now}",
    "task list, by title": "/tasks/?sort=title",
    "search, many hits": "/search/?q=du+lieu",
    "search, one hit": "/search/?q=T000777",
    "lists": "/lists/",
    "integration list": "/admin/databases/endpoint/",
    "admin, tasks": "/admin/tracking/task/",
    "admin, a task sought": "/admin/tracking/task/?q=T000777",
}
PER_PAGE = 50


def main(arguments: Sequence[str] | None = None) -> None:
    """As told, by the command line when not by `arguments`."""
    given = _parser().parse_args(arguments)
    # Whoever ends us lets us end what we started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    big = LARGE if given.large else BIG
    rounds, count = (1, 15) if given.quick else (given.rounds, 20)
    print(f"\n{machine()}, {rounds} round(s) of {count} GETs, minimum / median / maximum.")
    print(f"\n{SMALL.told()}; {big.told()}.")
    found = Rounds()
    with PostgreSQL() as server, tempfile.TemporaryDirectory() as folder:
        print(f"\n{server.told}.")
        with _sites(server.url, folder, big) as contestants:
            lines = {name: partial(page.measure, count) for name, page in contestants.items()}
            found.run(lines, rounds)
    print_pages(found)
    print("\n### Goals")
    print_goals(goals(found, list(PAGES)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--large", action="store_true", help="100,000 tasks; fills for minutes")
    return parser


@contextmanager
def _sites(url: str, folder: str, big: Size) -> Iterator[dict[str, Page]]:
    """Everything that takes turns, by name: "small overview", "big overview", "lean"."""
    pages: dict[str, Page] = {}
    with ExitStack() as stack:
        lean = _database(url, "lean")
        cookie = _printed(["benchmarks.pages_lean", str(big.tasks)], LEAN_URL=lean)
        site = stack.enter_context(served("benchmarks.pages_lean", cookie, LEAN_URL=lean))
        pages |= {"hello": Page(site, "/hello/"), "lean": Page(site, "/lean/")}
        pages["admin changelist"] = Page(site, "/admin/auth/item/")
        for size in (SMALL, big):
            environment = {
                "DATABASE_URL": _database(url, size.name),
                "VAR_DIR": f"{folder}/{size.name}",
                "DJANGO_SETTINGS_MODULE": "config.settings",
                "DEBUG": "false",
            }
            keys = _filled(size, environment)
            site = stack.enter_context(served("config.wsgi", keys["cookie"], **environment))
            pages |= {
                f"{size.name} {name}": Page(site, path.format(**keys))
                for name, path in PAGES.items()
            }
        yield pages


def _filled(size: Size, environment: Mapping[str, str]) -> dict[str, Any]:
    print(f"filling: {size.told()}", file=sys.stderr, flush=True)
    for command in (["migrate"], ["collectstatic", "--no-input"]):
        subprocess.run(
            [sys.executable, "manage.py", *command, "--verbosity", "0"],
            check=True,
            cwd=ROOT,
            env=os.environ | environment,
        )
    sizes = map(str, (size.departments, size.tasks, size.endpoints))
    keys = json.loads(_printed(["benchmarks.pages_rows", *sizes], **environment))
    return {**keys, "far": int(0.9 * size.tasks / PER_PAGE), "now": NOW}


def _printed(module: Sequence[str], **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *module],
        check=True,
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip().splitlines()[-1]


def _database(url: str, name: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # type: ignore[arg-type]
    return f"{url.rpartition('/')[0]}/{name}"


def print_pages(found: Rounds) -> None:
    heads = ["", "median, ms", "p95, ms", "statements", "DB, ms", "kB", "kB deflated"]
    header([*heads, "x lean", "x small"])
    for name in found.lines:
        values = partial(found.values, name)
        cells = [written(spread(values(key)), 1) for key in ("ms", "p95")]
        cells += [written(spread(values("statements"))), written(spread(values("db_ms")), 1)]
        cells += [written(spread([v / 1000 for v in values(k)]), 1) for k in ("bytes", "deflated")]
        cells.append(written(spread(found.ratios(name, "lean", "ms")), 2))
        small = name.replace("big ", "small ")
        ratios = found.ratios(name, small, "ms") if small != name else []
        row([name, *cells, written(spread(ratios), 2) if ratios else ""])
    found.print_faults()


if __name__ == "__main__":
    main()
