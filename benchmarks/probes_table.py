"""Lines of many rounds as tables, and goals against them."""

import random
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.probes_peers import Line, NoLine

Spread = tuple[float, float, float]  # min, median, max


def _ratio(ours: float | None, theirs: float | None) -> float:
    return ours / theirs if ours and theirs else 0.0


def spread(values: Sequence[float]) -> Spread:
    return min(values), statistics.median(values), max(values)


def written(found: Spread, digits: int = 0) -> str:
    """One figure where all three are the same."""
    texts = [f"{value:,.{digits}f}" for value in found]
    return texts[0] if len(set(texts)) == 1 else " / ".join(texts)


@dataclass(slots=True)
class Rounds:
    """What every contestant said in each round."""

    lines: dict[str, dict[int, Line]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def run(
        self,
        contestants: Mapping[str, Callable[[], Line]],
        rounds: int,
    ) -> None:
        """Each once a round, in an order that is shuffled every time."""
        order, chance = list(contestants), random.Random(11)
        for number in range(rounds):
            chance.shuffle(order)
            for name in order:
                print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
                try:
                    self.add(name, number, contestants[name]())
                except NoLine as fault:
                    self.faults.append(f"{name}: {fault}")

    def add(self, name: str, number: int, line: Line) -> None:
        self.lines.setdefault(name, {})[number] = line

    def of(self, name: str) -> list[Line]:
        return list(self.lines.get(name, {}).values())

    def values(self, name: str, key: str) -> list[float]:
        return [line[key] for line in self.of(name) if line.get(key) is not None]

    def ratios(self, name: str, other: str, key: str = "per_cpu") -> list[float]:
        """Of the two in the same round, so that a machine that drifts cancels out."""
        found = self.pairs(name, other, lambda ours, theirs: _ratio(ours.get(key), theirs.get(key)))
        return [ratio for ratio in found if ratio]

    def pairs(self, name: str, other: str, value: Callable[[Line, Line], float]) -> list[float]:
        """Of the lines of the two in the same round."""
        ours, theirs = self.lines.get(name, {}), self.lines.get(other, {})
        return [value(ours[number], theirs[number]) for number in ours if number in theirs]

    def print_speeds(self, names: Sequence[str], others: Sequence[str]) -> None:
        """Probes per CPU second, fastest first, and as ratios to the others."""
        heads = ["", "probes per CPU second", "µs CPU a probe", "answered as nginx counts"]
        header(heads + [f"x {other}" for other in others])
        known = [name for name in names if self.values(name, "per_cpu")]
        for name in sorted(known, key=lambda n: -statistics.median(self.values(n, "per_cpu"))):
            speed = spread(self.values(name, "per_cpu"))
            cells = [name, written(speed), f"{1e6 / speed[1]:,.0f}", self._witnessed(name)]
            for other in others:
                ratios = self.ratios(name, other)
                cells.append(written(spread(ratios), 2) if ratios else "")
            row(cells)

    def _witnessed(self, name: str) -> str:
        """The share of what it says it did that nginx saw too."""
        asked = [line for line in self.of(name) if line.get("witness") and line["n"]]
        shares = [line["witness"] / line.get("counted", line["n"]) for line in asked]
        return f"{100 * statistics.median(shares):.1f} %" if shares else "not counted"

    def print_faults(self) -> None:
        for fault in self.faults:
            print(f"\nNot measured: {fault}")


def header(cells: Sequence[str]) -> None:
    print(f"\n| {' | '.join(cells)} |\n|{'---|' * len(cells)}", flush=True)


def row(cells: Sequence[Any]) -> None:
    print(f"| {' | '.join(str(cell) for cell in cells)} |", flush=True)


def print_lines(found: Rounds, columns: Sequence[tuple[str, str, int]]) -> None:
    """A row for each contestant; `columns` of a head, a key and the digits after the point."""
    header(["", *(head for head, _, _ in columns), "results of the last"])
    for name in found.lines:
        cells = [written(spread(found.values(name, key)), digits) for _, key, digits in columns]
        told = found.of(name)[-1]["results"]
        row([name, *cells, ", ".join(f"{word} {count:,}" for word, count in told.items())])
    found.print_faults()


@dataclass(frozen=True, slots=True)
class Goal:
    """`bound` is reached from below when `least`, else from above. The median of `values` counts,
    or the worst of them when `worst`."""

    what: str
    must: float
    values: Sequence[float]
    least: bool = True
    worst: bool = False
    unit: str = "x"
    digits: int = 2

    @property
    def reached(self) -> bool | None:
        """None when it was not measured."""
        if not self.values:
            return None
        low, middle, high = spread(self.values)
        if self.worst:
            middle = low if self.least else high
        return middle >= self.must if self.least else middle <= self.must

    def print_row(self) -> None:
        sign = "≥" if self.least else "≤"
        said = {True: "reached", False: "**missed**", None: "not measured"}[self.reached]
        measured = written(spread(self.values), self.digits) if self.values else ""
        row([self.what, f"{sign} {self.must:g} {self.unit}", measured, said])


def print_goals(goals: Sequence[Goal]) -> None:
    header(["goal", "must", "min / median / max", ""])
    for goal in goals:
        goal.print_row()
