"""How fast does one report reach a thousand people, beside Django's own way? Prints tables.

    python -m benchmarks.mail [--rounds 4] [--recipients 1000] [--sink PATH]

A report of HTML and text with a file of 200 kB goes to servers of this machine that throw it away:
Postfix's smtp-sink, in C (--sink or BENCH_SMTP_SINK where it is not installed; without it that half
is left out and said), and aiosmtpd, in Python, whose own work is most of what is measured there.
The peers: `send`, a loop of EmailMultiAlternatives.send() as Django's documentation has it, and
`send, one connection`, the same on a connection kept open. Ours counts the writing into the outbox
and a commit for each recipient, on SQLite and on a PostgreSQL that waits for the disk. Ratios are
taken round by round; memory is the peak of the sending process.
"""

import argparse
import json
import os
import shutil
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from benchmarks.probes_peers import ROOT, Missing
from benchmarks.probes_server import started as own_postgresql
from benchmarks.probes_table import Rounds, spread, written
from tests.servers import free_port

PEERS = {"loop": "send", "reused": "send, one connection"}
SINK, PYTHON = "smtp-sink", "aiosmtpd"
GOALS = {SINK: 3.0, PYTHON: 1.8}
SIZES = (100, 1_000, 5_000)


def main(arguments: Sequence[str] | None = None) -> None:
    given = _parser().parse_args(arguments)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="portal-mail-")))
        databases = stack.enter_context(_databases(folder))
        servers = {
            name: stack.enter_context(_started(command))
            for name, command in _servers(given.sink).items()
        }
        for name, port in servers.items():
            _compare(name, port, databases, given)
        best = SINK if SINK in servers else PYTHON
        _memory(servers[best], databases)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--recipients", type=int, default=1_000)
    installed = shutil.which("smtp-sink", path=f"{os.defpath}:/usr/sbin:/sbin")
    parser.add_argument("--sink", default=os.environ.get("BENCH_SMTP_SINK", installed))
    return parser


def _servers(sink: str | None) -> dict[str, Callable[[int], list[str]]]:
    handler = ["-c", "aiosmtpd.handlers.Sink"]
    found: dict[str, Callable[[int], list[str]]] = {
        PYTHON: lambda port: [
            *(sys.executable, "-m", "aiosmtpd", "-n", *handler, "-l", f"127.0.0.1:{port}")
        ]
    }
    if not sink:
        print("No smtp-sink: install postfix, or name it with --sink. Measured without it.")
        return found
    # Root's server asks whom to become.
    who = [] if os.geteuid() else ["-u", "nobody"]
    return {SINK: lambda port: [sink, *who, f"127.0.0.1:{port}", "100"]} | found


@contextmanager
def _started(command: Callable[[int], list[str]]) -> Iterator[int]:
    """The port of a server that answers until this ends."""
    port = free_port()
    server = subprocess.Popen(command(port), stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            try:
                smtplib.SMTP("127.0.0.1", port, timeout=5).quit()
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit(f"It did not start: {' '.join(command(port))}")
        yield port
    finally:
        server.terminate()
        server.wait(10)


@contextmanager
def _databases(folder: Path) -> Iterator[dict[str, str]]:
    """Addresses of migrated databases of this run."""
    before = dict(os.environ)
    found = {"SQLite": f"sqlite:///{folder / 'bench.sqlite3'}"}
    with ExitStack() as stack:
        try:
            found["PostgreSQL"] = stack.enter_context(own_postgresql()).url
        except Missing as missing:
            print(f"{missing} Measured without it.")
        # What it told its own measurements is not for ours.
        os.environ.clear()
        os.environ.update(before | {"VAR_DIR": str(folder)})
        for url in found.values():
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=os.environ | {"DATABASE_URL": url},
                check=True,
            )
        yield found


def _compare(name: str, port: int, databases: dict[str, str], given: argparse.Namespace) -> None:
    many = given.recipients
    rounds = Rounds()
    contestants = {
        words: lambda mode=mode: _one(mode, port, many, databases["SQLite"])
        for mode, words in PEERS.items()
    } | {
        f"ours, {database}": lambda url=url: _ours(port, many, url)
        for database, url in databases.items()
    }
    rounds.run(contestants, given.rounds)
    print(f"\n### {many:,} recipients, to {name}; {given.rounds} rounds, min / median / max\n")
    print("| | messages a second | x send | CPU ms a message | peak MB |")
    print("|---|---|---|---|---|")
    for who in contestants:
        rates = rounds.values(who, "per_second")
        ratios = rounds.ratios(who, PEERS["loop"], "per_second")
        cpu, memory = rounds.values(who, "cpu_ms"), rounds.values(who, "peak_mb")
        print(
            f"| {who} | {written(spread(rates))} | {written(spread(ratios), 2)} | "
            f"{written(spread(cpu), 2)} | {max(memory):.0f} |"
        )
    _goals(name, rounds, databases)


def _goals(name: str, rounds: Rounds, databases: dict[str, str]) -> None:
    for database in databases:
        ratio = spread(rounds.ratios(f"ours, {database}", PEERS["loop"], "per_second"))[1]
        word = "reached" if ratio >= GOALS[name] else "missed"
        print(f"\nGoal against {name}, {GOALS[name]}x send: {database} {ratio:.2f}x, {word}.")


def _memory(port: int, databases: dict[str, str]) -> None:
    print("\n### Memory of the sender by the number of recipients\n")
    print("| recipients | " + " | ".join(f"peak MB, {name}" for name in databases) + " |")
    print("|---|" + "---|" * len(databases))
    for many in SIZES:
        peaks = [_ours(port, many, url)["peak_mb"] for url in databases.values()]
        print(f"| {many:,} | " + " | ".join(f"{peak:.0f}" for peak in peaks) + " |", flush=True)


def _ours(port: int, many: int, url: str) -> dict[str, float]:
    """Writing it and sending it in two processes, as the portal does; both are counted."""
    wrote = _one("enqueue", port, many, url)
    sent = _one("deliver", port, many, url)
    seconds = wrote["seconds"] + sent["seconds"]
    cpu = (wrote["cpu_ms"] * many + sent["cpu_ms"] * many) / many
    return sent | {"seconds": seconds, "per_second": many / seconds, "cpu_ms": cpu}


def _one(mode: str, port: int, many: int, url: str) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.mail_one", mode, str(many)],
        cwd=ROOT,
        env=os.environ
        | {
            "DATABASE_URL": url,
            "EMAIL_URL": f"smtp://127.0.0.1:{port}",
            "MAIL_PER_MINUTE": "10000000",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        check=True,
        stdout=subprocess.PIPE,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
