"""What is seen goes into PostgreSQL: storing alone beside bulk_create, and ten thousand endpoints
through the whole pump."""

from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.probes_many import HANGING, MANY, MB, NO
from benchmarks.probes_peers import Line, Peers
from benchmarks.probes_server import Durable, started
from benchmarks.probes_table import Goal, Rounds, header, print_lines, row, spread, written

_MICRO: dict[str, Any] = {"unit": "µs", "digits": 0}
_ROUND = 86_400  # s between two probes of an endpoint: one each


def pumped(
    peers: Peers, scheme: str, *how: str, count: int = MANY, interval: int = 1, hanging: float = 0
) -> Line:
    """The line of a pump with so many new endpoints, all of them due."""
    asked = ["--scheme", scheme, "--count", str(count), "--interval", str(interval)]
    peers.ours("probes_endpoints", *asked, "--hanging", str(hanging))
    return peers.ours("probes_pump", *how)


def measure(peers: Peers, rounds: int, quick: bool) -> list[Goal]:
    """Storing alone, and one HTTPS probe of the same round."""
    seconds, found = "1" if quick else "3", Rounds()
    with started() as server:
        contestants: dict[str, Callable[[], Line]] = {
            "ours": partial(peers.ours, "probes_storing", "--seconds", seconds),
            "probe": partial(peers.ours, "probes_engine", "--scheme", "https"),
        }
        if not peers.lacking("storage"):
            server.welcome_drivers()
            peers.run_quietly([*_script(peers, server), "--init"])
            contestants["bulk_create"] = partial(_storage, peers, server, "--secs", seconds)
        found.run(contestants, rounds)
    print("\n### Storing results in PostgreSQL, with fsync; the peer 500 at once")
    _print_storing(found)
    found.print_faults()
    return _goals(found)


def _storage(peers: Peers, server: Durable, *how: str) -> Line:
    line = peers.line(["taskset", "-c", "0", *_script(peers, server), *how])
    own, of_server = (1e6 * line[key] / line["n"] for key in ("cpu_s", "server_cpu_s"))
    return line | {"us": own + of_server, "own_us": own, "server_us": of_server}


def _script(peers: Peers, server: Durable) -> list[str]:
    script = str(peers.folder / "storage.py")
    return [peers.python, script, "bulk_create", "--port", server.port, "--db", "perf"]


def _print_storing(found: Rounds) -> None:
    def cells(name: str, *keys: str) -> list[str]:
        return [written(spread(found.values(name, key))) for key in keys]

    header(["", "results a second", "µs CPU a result", "of it in Python", "in PostgreSQL"])
    row(["ours: row and state", *cells("ours", "per_wall", "us", "storing_us", "server_us")])
    whole = "ours: with the claim before and the judgement"
    row([whole, *cells("ours", "all_per_wall", "all_us"), "", ""])
    if "bulk_create" in found.lines:
        row(["bulk_create: row", *cells("bulk_create", "per_wall", "us", "own_us", "server_us")])
    parts = cells("ours", "claiming_us", "judging_us")
    print(f"\nIn Python a claim costs {parts[0]} µs a result, judging it {parts[1]} µs.")


def _goals(found: Rounds) -> list[Goal]:
    share = found.pairs("ours", "probe", lambda ours, probe: ours["us"] * probe["per_cpu"] / 1e4)
    speed = found.ratios("ours", "bulk_create", "per_wall")
    cpu, all_cpu = found.values("ours", "us"), found.values("ours", "all_us")
    return [
        Goal("results stored a second, with state, against bulk_create without", 1.5, speed),
        Goal("storing one result (row and state): CPU", 80, cpu, least=False, **_MICRO),
        Goal("the same, of an HTTPS probe", 10, share, least=False, unit="%", digits=1),
        Goal("the same with claim and judgement", 80, all_cpu, least=False, **_MICRO),
    ]


_COLUMNS = (
    ("stored", "finished", 0),
    ("a second", "per_wall", 0),
    ("µs CPU a probe", "us", 0),
    ("last healthy, s", "last_healthy_s", 2),
    ("whole, s", "wall_s", 2),
    ("slots missed", "missed", 0),
    ("RSS, MB", "rss_mb", 0),
    ("RSS grown, MB", "rss_grown_mb", 1),
    ("descriptors", "descriptors_most", 0),
)


def measure_many(peers: Peers, rounds: int, quick: bool) -> list[Goal]:
    """Ten thousand endpoints in PostgreSQL, one worker."""
    found, seconds = Rounds(), 24 if quick else 60
    with started():
        found.run(_many(peers, str(seconds)), 1 if quick else min(rounds, 3))
    print(f"\n### The whole pump, {MANY:,} endpoints in PostgreSQL, one process")
    print_lines(found, _COLUMNS)
    return _many_goals(found)


def _many(peers: Peers, seconds: str) -> dict[str, Callable[[], Line]]:
    def once(hanging: float) -> Callable[[], Line]:
        how = ("--once", "--seconds", "60")
        return partial(pumped, peers, "http", *how, interval=_ROUND, hanging=hanging)

    steady = partial(
        pumped,
        peers,
        "http",
        "--seconds",
        seconds,
        "--warm",
        str(MANY),
        interval=10,
        hanging=HANGING,
    )
    over = partial(pumped, peers, "https", "--seconds", "10", interval=5)
    return {
        "once, all healthy": once(0),
        "once, 5 % hanging": once(HANGING),
        "every 10 s, 5 % hanging": steady,
        "HTTPS every 5 s: too much": over,
    }


def _many_goals(found: Rounds) -> list[Goal]:
    held = found.ratios("once, all healthy", "once, 5 % hanging", "last_healthy_s")
    wrong = [line["wrong"] for name in found.lines for line in found.of(name)]
    steady = "every 10 s, 5 % hanging"
    over = found.of("HTTPS every 5 s: too much")
    correct = [100 * line["ok"] / (line["ok"] + line["wrong"]) for line in over]
    moved = [line["descriptors_drift"] for line in found.of(steady)]
    asked = [line["per_wall"] / (MANY / 10) for line in found.of(steady)]
    grown = found.values(steady, "rss_grown_mb")
    return [
        Goal("pump: healthy throughput with 5 % hanging", 0.9, held),
        Goal("pump: probed of what is due, every 10 s", 0.98, asked),
        Goal("pump: healthy endpoints that failed", 0, wrong, least=False, worst=True, **NO),
        Goal("pump: memory grown once all is known", 5, grown, least=False, **MB),
        Goal("pump: descriptors, end against middle", 1.2, moved, least=False),
        Goal("pump: correct at twice its capacity, HTTPS", 90, correct, unit="%", digits=1),
    ]
