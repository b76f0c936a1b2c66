"""What the pages are to reach, as ratios of one run."""

from collections.abc import Sequence

from benchmarks.probes_table import Goal, Rounds

# Where the goals were set, the lean page took 12.5 ms beside these peers, in ms:
_LEAN = 12.5
_CHECKS, _STATUS, _PROJECTS = 991 / _LEAN, 257 / _LEAN, 1958 / _LEAN  # Healthchecks
_DEVICES = 591 / _LEAN  # NetBox, fifty rows
GROWN = 1.3  # "as fast as", on a machine that drifts
LIST, POLL, FAR = "big task list", "big live poll", "big task list, far page"
# Both are held against what was set for a list of 10,000 integrations.
LISTS = {"task list": LIST, "integration list": "big integration list"}
# No page that people wait for: it has as many endpoints as the portal is big.
_BOUNDLESS = {"database, the crowded one"}


def goals(found: Rounds, pages: Sequence[str]) -> list[Goal]:
    def lean(name: str) -> list[float]:
        return found.ratios(name, "lean", "ms")

    def most(what: str, must: float, values: list[float], unit: str = "x") -> Goal:
        digits = 2 if unit == "x" else 1 if unit == "kB" else 0
        return Goal(what, must, values, least=False, unit=unit, digits=digits)

    polled = [value / 1000 for value in found.values(POLL, "bytes")]
    peers = min(_CHECKS / 10, _DEVICES / 6)
    against = "against Healthchecks / 10 and NetBox / 6, by the lean page"
    first: list[Goal] = []
    for name, page in LISTS.items():
        kilobytes = [value / 1000 for value in found.values(page, "bytes")]
        first += [
            most(f"{name}, 50 rows, against the lean page", 5, lean(page)),
            most(f"{name}, {against}", peers, lean(page)),
            most(f"{name}: statements", 8, found.values(page, "statements"), ""),
            most(f"{name}: size", 60, kilobytes, "kB"),
        ]
    first += [
        most("far page against the first", 1.5, found.ratios(FAR, LIST, "ms")),
        most("live poll against Healthchecks' / 20, by the lean page", _STATUS / 20, lean(POLL)),
        most("size of the live poll", 5, polled, "kB"),
        most(
            "overview against Healthchecks' projects / 20, by the lean page",
            _PROJECTS / 20,
            lean("big overview"),
        ),
    ]
    admin = found.values("big admin, tasks", "db_ms")
    first.append(most("admin, tasks: milliseconds in the database", 5, admin, ""))
    bounded = [name for name in pages if name not in _BOUNDLESS]
    return [
        *first,
        *(_grown(found, name) for name in bounded),
        *(_same_statements(found, name) for name in bounded),
        *(_even(found, f"big {name}") for name in pages),
    ]


def _grown(found: Rounds, name: str) -> Goal:
    ratios = found.ratios(f"big {name}", f"small {name}", "ms")
    return Goal(f"{name}: big against small", GROWN, ratios, least=False)


def _same_statements(found: Rounds, name: str) -> Goal:
    pairs = found.pairs(
        f"big {name}", f"small {name}", lambda big, small: big["statements"] - small["statements"]
    )
    return Goal(
        f"{name}: statements more than small", 0, pairs, least=False, worst=True, unit="", digits=0
    )


def _even(found: Rounds, name: str) -> Goal:
    ratios = [line["p95"] / line["ms"] for line in found.of(name)]
    return Goal(f"{name}: p95 against the median", 2, ratios, least=False)
