"""Part A: probes a CPU second, of the prober alone and of the pump with PostgreSQL, beside the
limits of the machine and those who also probe."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.probes_peers import Line, Peers
from benchmarks.probes_server import started
from benchmarks.probes_stored import pumped
from benchmarks.probes_table import Goal, Rounds

# What a peer is asked: scheme by scheme, as far as one of its processors goes.
_ASKED = {
    ("prometheus", "http"): ["--targets", "400"],
    ("prometheus", "https"): ["--targets", "250"],
    ("icinga", "http"): ["--targets", "300"],
    ("icinga", "https"): ["--targets", "60"],
    ("celery", "http"): ["--inflight", "4"],
    ("celery", "https"): ["--inflight", "4"],
}
_PEERS = {
    "http": ("wrk", "blackbox", "prometheus", "icinga", "celery"),
    "https": ("s_time", "blackbox", "prometheus", "icinga", "celery"),
}
BOTH = "0,1"  # processors


def measure(peers: Peers, rounds: int, quick: bool) -> list[Goal]:
    seconds, found = 2 if quick else 4, Rounds()
    with started():
        for scheme in _PEERS:
            found.run(contestants(peers, scheme, seconds), rounds)
    peers.start(workers=2, processors=BOTH)
    for scheme in _PEERS:
        found.run(side_by_side(peers, scheme, seconds), rounds)
    for scheme, names in _PEERS.items():
        ours = [f"{scheme} {name}" for name in ("ours", "ours + store", "ours x1", "ours x2")]
        others = [f"{scheme} {name}" for name in names]
        print(f"\n### {scheme.upper()}: probes of one process and its peers")
        found.print_speeds([*ours, *others], [f"{scheme} prometheus", others[0]])
    found.print_faults()
    return goals(found)


def contestants(peers: Peers, scheme: str, seconds: int) -> dict[str, Callable[[], Line]]:
    """Ours and the peers that are here, each as a call that measures it once."""
    how, lasting = ["--scheme", scheme], ["--seconds", str(seconds)]
    # Each is due every second, and more of them than can be probed in one.
    count = {"http": 10_000, "https": 2_000}[scheme]
    found: dict[str, Callable[[], Line]] = {
        f"{scheme} ours": partial(peers.ours, "probes_engine", *how, *lasting),
        f"{scheme} ours + store": partial(pumped, peers, scheme, "--seconds", "5", count=count),
    }
    for name in _PEERS[scheme]:
        asked = [*how, "--secs", str(seconds), *_ASKED.get((name, scheme), [])]
        if not peers.lacking(name):
            found[f"{scheme} {name}"] = partial(peers.peer, name, *asked)
    return found


def side_by_side(peers: Peers, scheme: str, seconds: int) -> dict[str, Callable[[], Line]]:
    """One process and two, which share all processors with the targets."""
    asked = ["probes_engine", "--scheme", scheme, "--seconds", str(seconds)]

    def at_once(processes: int) -> Line:
        with ThreadPoolExecutor(processes) as pool:
            run = partial(peers.ours, *asked, processors=BOTH)
            lines = list(pool.map(lambda _: run(), range(processes)))
        probes, cpu = sum(line["n"] for line in lines), sum(line["cpu_s"] for line in lines)
        return {"n": probes, "cpu_s": cpu, "per_cpu": probes / cpu, "us": 1e6 * cpu / probes}

    return {
        f"{scheme} ours x1": partial(at_once, 1),
        f"{scheme} ours x2": partial(at_once, 2),
    }


def goals(found: Rounds) -> list[Goal]:
    """With storing, but for the one against wrk."""

    def against(scheme: str, peer: str, ours: str = "ours + store") -> list[float]:
        return found.ratios(f"{scheme} {ours}", f"{scheme} {peer}")

    limit = [100 * ratio for ratio in against("http", "wrk", "ours")]
    secure = [100 * ratio for ratio in against("https", "s_time")]
    more = [found.ratios(f"{scheme} ours x2", f"{scheme} ours x1", "us") for scheme in _PEERS]
    return [
        Goal("HTTP against Prometheus + blackbox", 6, against("http", "prometheus"), digits=1),
        Goal("HTTPS against Prometheus + blackbox", 1.9, against("https", "prometheus")),
        Goal("HTTPS against openssl s_time", 80, secure, unit="%", digits=0),
        Goal("HTTP against wrk, without storing", 35, limit, unit="%", digits=0),
        Goal("HTTP against Icinga 2 + check_http", 12, against("http", "icinga"), digits=1),
        Goal("HTTPS against Icinga 2 + check_curl", 11, against("https", "icinga"), digits=1),
        Goal("HTTP against a Celery task a probe", 12, against("http", "celery"), digits=1),
        Goal("HTTPS against a Celery task a probe", 4, against("https", "celery"), digits=1),
        Goal("HTTP, two processes: CPU a probe against one", 1.1, more[0], least=False),
        Goal("HTTPS, two processes: CPU a probe against one", 1.1, more[1], least=False),
    ]
