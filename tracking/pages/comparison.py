"""Two progress lists side by side, in words: any two that were issued, or one and now."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.progress_lists import draft
from tracking.models import ProgressList
from tracking.pages.list_reading import BROKEN, task_keys
from tracking.renderers.cells import TaskWriter
from tracking.renderers.plain import plain
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import (
    date_text,
    instant_text,
    number_text,
    share_text,
    words_of,
)
from tracking.rules.comparison import Change, Comparison, Placed, compare
from tracking.rules.instants import day_of
from tracking.rules.progress_list import Content, Policy, Scope

NOW = "now"
# Rows of a part that are shown at first; the page says how many there are.
SHOWN = 100

_FLAGS_ONLY = frozenset({"flags"})

FLAGS: Mapping[str, Any] = {
    "blocked": gettext_lazy("waiting for another body"),
    "due_soon": gettext_lazy("due soon"),
    "extended": gettext_lazy("extended"),
    "extended_late": gettext_lazy("extended when already late"),
    "no_information": gettext_lazy("no information"),
    "pending": gettext_lazy("awaiting verification"),
    "pending_late": gettext_lazy("submitted late, awaiting verification"),
    "reduced": gettext_lazy("deadline brought forward"),
    "reopened": gettext_lazy("reopened"),
    "stale": gettext_lazy("no recent report"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A task of one list only."""

    code: str
    title: str
    department: str
    standing: str
    status: str
    deadline: str
    key: int | None


@dataclass(frozen=True, slots=True)
class ToldChange:
    """A task of both lists, as the one and as the other tells it."""

    old: Told
    new: Told
    of: frozenset[str]
    required: bool
    gained: Sequence[str]
    lost: Sequence[str]


@dataclass(frozen=True, slots=True)
class Figures:
    """Like for like: (standing, its name, before, after), and completed of the tasks in both."""

    rows: Sequence[tuple[str, str, int, int]]
    tasks: int
    completed: tuple[str, str]


class Compared:
    """What the page says of two contents."""

    def __init__(self, one: Content, other: Content, language: str, *, whole: bool = False) -> None:
        self.one, self.other, self.language = one, other, language
        self.writer = TaskWriter(language)
        self.found: Comparison = compare(one, other)
        self.most = None if whole else SHOWN
        added, removed = self.found.added[: self.most], self.found.removed[: self.most]
        # What was decided or done before what only the time has brought.
        every = sorted(self.found.changed, key=lambda change: change.of == _FLAGS_ONLY)
        changed = every[: self.most]
        shown = (task.line["code"] for task in (*added, *removed, *(c.new for c in changed)))
        self.keys = task_keys(shown)
        self.added = [self._told(task) for task in added]
        self.removed = [self._told(task) for task in removed]
        self.changed = [self._change(c) for c in changed if c.of != _FLAGS_ONLY]
        self.flagged = [self._change(c) for c in changed if c.of == _FLAGS_ONLY]
        self.marked = self._departments(self.found.marked)
        self.unmarked = [
            (name, _("was marked for %(tasks)s") % {"tasks": tasks})
            for name, tasks in self._departments(self.found.unmarked)
        ]
        self.still = self._departments(self.found.still)
        self.heads = self._heads()

    @property
    def cut(self) -> bool:
        """Whether a part holds more than is shown."""
        parts = (self.found.added, self.found.removed, self.found.changed)
        return self.most is not None and any(len(part) > self.most for part in parts)

    @property
    def words(self) -> tuple[str, str]:
        """Of the mark in the one list and in the other."""
        say = self.writer.say
        return say[f"mark_{self.one['policy']}"], say[f"mark_{self.other['policy']}"]

    @property
    def figures(self) -> Figures:
        both = self.found.both
        names = self.writer.say
        rows = [(code, names[code], both.before[code], both.after[code]) for code in STANDINGS]
        before, after = both.completed
        return Figures(
            rows=[row for row in rows if row[2] or row[3]],
            tasks=both.tasks,
            completed=(
                share_text(before, both.tasks, self.language),
                share_text(after, both.tasks, self.language),
            ),
        )

    def _heads(self) -> list[tuple[str, str, str]]:
        """(what, of the one, of the other): days, policies, plans and totals as each list has
        them."""
        one, other = (dict(_head(c, self.language)) for c in (self.one, self.other))
        return [(label, value, other[label]) for label, value in one.items()]

    @property
    def doubts(self) -> list[str]:
        """Why the two can be compared only in part."""
        found = []
        if not self.found.same_policy:
            found.append(
                _(
                    "The two mark departments by different policies: marks and reasons can be "
                    "compared only in part."
                )
            )
        if not self.found.same_plans:
            found.append(
                _(
                    "The two cover different plans: a task in one of them only may just lie "
                    "outside the other."
                )
            )
        return found

    def _departments(self, rows: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
        return [
            (plain(row["name"][self.language]), ", ".join(plain(code) for code in row["reasons"]))
            for row in rows
        ]

    def _told(self, task: Placed) -> Told:
        line = task.line
        return Told(
            code=line["code"],
            title=plain(line["title"][self.language]),
            department=plain(task.department["name"][self.language]),
            standing=line["standing"],
            status=self.writer.status(line),
            deadline=self.writer.deadline(line),
            key=self.keys.get(line["code"]),
        )

    def _change(self, change: Change) -> ToldChange:
        return ToldChange(
            old=self._told(change.old),
            new=self._told(change.new),
            of=change.of,
            required=change.new.line["required"],
            gained=[str(FLAGS.get(flag, flag)) for flag in change.gained],
            lost=[str(FLAGS.get(flag, flag)) for flag in change.lost],
        )


def _head(content: Content, language: str) -> Iterator[tuple[str, str]]:
    say, totals = words_of(language), content["totals"]
    yield say["fact_as_of"], say["end_of_day"].format(day=date_text(content["as_of"], language))
    yield say["fact_known_at"], instant_text(content["known_at"], language)
    yield say["fact_policy"], say[f"policy_{content['policy']}"]
    every = content["every_plan"]
    yield say["fact_plans"], say["every_plan"] if every else ", ".join(content["plans"])
    yield say["total_in_scope"], number_text(totals["in_scope"], language)
    shares = {
        "total_completed": ("completed_of_due", "due"),
        "total_on_time": ("on_time_of_due", "due"),
        "total_departments": ("departments_marked", "departments"),
    }
    for label, (part, whole) in shares.items():
        yield say[label], share_text(totals[part], totals[whole], language)


def compared(
    one: Content, other: Content, language: str, *, whole: bool = False
) -> Compared | None:
    """None when one of the contents was broken by somebody."""
    try:
        return Compared(one, other, language, whole=whole)
    except BROKEN:
        return None


def as_now(issued: ProgressList, now: datetime) -> Content:
    """The question of that list, asked of today with what is known now. ValueError when somebody
    broke what is stored of it."""
    try:
        content = issued.as_content()
        policy = Policy(content["policy"])
        plans = () if content["every_plan"] else tuple(content["plans"])
    except BROKEN as error:
        raise ValueError(issued.number) from error
    return draft(Scope(as_of=day_of(now), known_at=now, policy=policy, plans=plans))
