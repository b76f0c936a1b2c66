"""How does each department stand, in numbers? Tasks taken over are counted (rules.md 6, 7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from tracking.rules.departments import DepartmentFacts, printed_under
from tracking.rules.situation import Situation
from tracking.rules.standing import COMPLETED, Standing, Yardstick, judge
from tracking.rules.waits import open_waits


@dataclass(frozen=True, slots=True)
class Tally:
    """So many tasks of one lead that stand alike; `required` and `due` are of those."""

    lead: str
    standing: str
    tasks: int = 0
    required: int = 0
    due: int = 0
    extensions: int = 0
    waiting_days: int = 0


@dataclass
class Scorecard:
    """What a list would say in numbers; `reasons`: required tasks that are overdue."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(map(str, Standing), 0))
    reasons: int = 0
    due: int = 0
    completed_of_due: int = 0
    on_time_of_due: int = 0
    extensions: int = 0
    waiting_days: int = 0

    @property
    def in_scope(self) -> int:
        return sum(self.counts.values())

    @property
    def completed(self) -> int:
        return sum(self.counts[standing] for standing in COMPLETED)

    @property
    def marked(self) -> bool:
        return self.reasons > 0

    def add(self, tally: Tally) -> None:
        self.counts[tally.standing] += tally.tasks
        self.extensions += tally.extensions
        self.waiting_days += tally.waiting_days
        self.due += tally.due
        if tally.standing == Standing.OVERDUE:
            self.reasons += tally.required
        if tally.standing in COMPLETED:
            self.completed_of_due += tally.due
        if tally.standing == Standing.COMPLETED_ON_TIME:
            self.on_time_of_due += tally.due


def scorecards(
    tallies: Iterable[Tally], departments: Mapping[str, DepartmentFacts], as_of: date
) -> dict[str, Scorecard]:
    """By code, in protocol order: every department active that day, those without a task with
    zeros, and any that ended without a successor and still owes a task."""
    found = {code: Scorecard() for code, d in departments.items() if d.active(as_of)}
    for tally in tallies:
        place = printed_under(tally.lead, departments, as_of)
        found.setdefault(place, Scorecard()).add(tally)
    order = sorted(found, key=lambda code: (departments[code].order, code))
    return {code: found[code] for code in order}


def tallies_of(situations: Iterable[Situation], yardstick: Yardstick) -> Iterator[Tally]:
    """One for each task in scope."""
    for situation in situations:
        if not situation.in_scope:
            continue
        judgement = judge(situation, yardstick)
        yield Tally(
            lead=situation.lead,
            standing=str(judgement.standing),
            tasks=1,
            required=int(situation.required),
            due=int(judgement.due),
            extensions=situation.extensions,
            waiting_days=sum(wait.days for wait in open_waits(situation, yardstick.day)),
        )
