"""How fast are the probes, beside others who probe? Prints tables in Markdown.

    python -m benchmarks.probes [--rounds 5] [--quick] [--part a --part b ...]

Parts: `a` probes a CPU second beside the peers, `storage` storing alone, `b` ten thousand endpoints
in the prober, `10k` the same through the whole pump; half an hour in all, or minutes with --quick.
The targets and the peers come from a folder of drivers beside the checkout (--peers, BENCH_PEERS),
their Python packages from wherever --python (BENCH_PYTHON) has them. All of it stays on the
loopback, ends with this script, and its data with it. Ratios are taken round by round.
"""

import argparse
import os
import platform
import signal
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks import probes_alone, probes_many, probes_stored
from benchmarks.probes_peers import ROOT, Missing, Peers
from benchmarks.probes_table import Goal, print_goals

PARTS: dict[str, Callable[[Peers, int, bool], list[Goal]]] = {
    "a": probes_alone.measure,
    "storage": probes_stored.measure,
    "b": probes_many.measure,
    "10k": probes_stored.measure_many,
}


def main(arguments: Sequence[str] | None = None) -> bool:
    """Measure as told, by the command line when not by `arguments`; False, after a sentence, when
    that cannot be done."""
    given = _parser().parse_args(arguments)
    rounds = 1 if given.quick else given.rounds
    # Whoever ends us lets us end what we started.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        measure(
            Peers(given.peers.resolve(), given.python), given.part or PARTS, rounds, given.quick
        )
    except Missing as missing:
        print(missing)
    except KeyboardInterrupt:
        print("\nEnded before the end.")
    else:
        return True
    return False


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--quick", action="store_true", help="one round, shorter measurements")
    parser.add_argument("--part", action="append", choices=list(PARTS), help="only these")
    beside = os.environ.get("BENCH_PEERS", str(ROOT.parent / "shared/bench"))
    parser.add_argument("--peers", type=Path, default=Path(beside), help="folder of the drivers")
    python = os.environ.get("BENCH_PYTHON", sys.executable)
    parser.add_argument("--python", default=python, help="that has the packages of the peers")
    return parser


def measure(peers: Peers, parts: Iterable[str], rounds: int, quick: bool) -> None:
    """The parts one after the other, and then every goal."""
    peers.require()
    print(f"\n{machine()}, {rounds} round(s), minimum / median / maximum.")
    for sentence in peers.sentences():
        print(sentence)
    goals: list[Goal] = []
    try:
        for part in parts:
            peers.start()
            goals += PARTS[part](peers, rounds, quick)
    finally:
        peers.stop()
        peers.remove()
    print("\n### Goals")
    print_goals(goals)


def machine() -> str:
    """Model, cores and system in a few words."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "")
    return (
        f"{model or platform.machine()}, {os.cpu_count()} CPUs, Python {platform.python_version()}"
    )


if __name__ == "__main__":
    sys.exit(not main())
