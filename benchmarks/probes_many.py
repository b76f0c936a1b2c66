"""Part B: ten thousand endpoints in one process, a twentieth of which never answer."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks.probes_peers import Line, Peers
from benchmarks.probes_table import Goal, Rounds, print_lines, spread, written

MANY, HANGING, TIMEOUT = 10_000, 0.05, 10.0  # endpoints, share of them, s
MEMORY = 64  # MB
_TOO_MUCH = 800  # a second, for a peer on one processor
SCHEMES = ("http", "https")
MB: dict[str, Any] = {"unit": "MB", "digits": 0}
NO: dict[str, Any] = {"unit": "", "digits": 0}
_COLUMNS = (
    ("probes", "n", 0),
    ("last healthy result, s", "last_healthy_s", 2),
    ("whole round, s", "wall_s", 2),
    ("p50 of a probe, ms", "p50_ms", 2),
    ("p50 of its wait before, ms", "waited_p50_ms", 1),
    ("most at once", "most_at_once", 0),
    ("RSS, MB", "rss_mb", 0),
    ("CPU, s", "cpu_s", 2),
)


def measure(peers: Peers, rounds: int, quick: bool) -> list[Goal]:
    found, prometheus = Rounds(), Rounds()
    found.run(contestants(peers, quick), rounds)
    if not peers.lacking("prometheus"):
        how = ["--scheme", "https", "--targets", str(_TOO_MUCH), "--secs", "6"]
        overload = {"prometheus": partial(peers.peer, "prometheus", *how)}
        prometheus.run(overload, rounds)
    print(f"\n### The prober alone, {MANY:,} endpoints in one process")
    print_lines(found, _COLUMNS)
    if lines := prometheus.of("prometheus"):
        correct = written(spread([100 * line["ok"] / (6 * _TOO_MUCH) for line in lines]), 1)
        print(
            f"\nAsked for {_TOO_MUCH} HTTPS probes a second, Prometheus + blackbox_exporter stored "
            f"{correct} % of them as successes."
        )
    return goals(found)


def contestants(peers: Peers, quick: bool) -> Mapping[str, Callable[[], Line]]:
    seconds = 3 if quick else 6

    def once(scheme: str, hanging: float) -> Callable[[], Line]:
        asked = ["--scheme", scheme, "--count", str(MANY), "--hanging", str(hanging)]
        return partial(peers.ours, "probes_engine", *asked)

    def loaded(scheme: str, *shares: float) -> Callable[[], Line]:
        return partial(under_load, peers, scheme, shares, seconds)

    return {
        "http, all healthy": once("http", 0),
        "http, 5 % hanging": once("http", HANGING),
        "http, all hanging": once("http", 1),
        "https, all healthy": once("https", 0),
        "http, 10 % and 70 % load": loaded("http", 0.1, 0.7),
        "https, 10 % and 70 % load": loaded("https", 0.1, 0.7),
        "https, 200 % load": loaded("https", 2.0),
    }


def under_load(peers: Peers, scheme: str, shares: tuple[float, ...], seconds: int) -> Line:
    """The line of the last share of what it can do at full speed, just before."""
    how = ["probes_engine", "--scheme", scheme, "--seconds", str(seconds)]
    capacity = peers.ours(*how)["per_wall"]
    lines = [peers.ours(*how, "--rate", str(share * capacity)) for share in shares]
    return lines[-1] | {"slower": lines[-1]["p50_ms"] / lines[0]["p50_ms"]}


def goals(found: Rounds) -> list[Goal]:
    held = found.ratios("http, all healthy", "http, 5 % hanging", "last_healthy_s")
    correct = [100 * line["ok"] / line["n"] for line in found.of("https, 200 % load")]
    wrong = [line["wrong"] for name in found.lines for line in found.of(name)]
    loads = [found.values(f"{scheme}, 10 % and 70 % load", "slower") for scheme in SCHEMES]
    memory = [found.values(f"http, {what} hanging", "rss_mb") for what in ("5 %", "all")]
    left = [line["descriptors_left"] for name in found.lines for line in found.of(name)]
    whole = found.values("http, 5 % hanging", "wall_s")
    round_most = 1.1 * TIMEOUT
    p50 = "p50 at 70 % load against 10 %"
    return [
        Goal("HTTP, healthy throughput with 5 % hanging", 0.9, held),
        Goal("HTTP, whole round with 5 % hanging", round_most, whole, least=False, unit="s"),
        Goal("healthy endpoints that failed, in all of B", 0, wrong, least=False, worst=True, **NO),
        Goal(f"HTTP, {p50}", 2, loads[0], least=False),
        Goal(f"HTTPS, {p50}", 2, loads[1], least=False),
        Goal("RSS, 10,000 at once, 5 % hanging", MEMORY, memory[0], least=False, **MB),
        Goal("RSS, 10,000 waiting for an answer", MEMORY, memory[1], least=False, **MB),
        Goal("HTTPS, correct at 200 % load", 90, correct, unit="%", digits=1),
        Goal("descriptors left open", 0, left, least=False, worst=True, **NO),
    ]
