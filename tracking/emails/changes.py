"""What does a message say of the changes since the list before?"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracking.emails.shortened import shortened
from tracking.renderers.movements import movement_sentences
from tracking.renderers.plain import plain
from tracking.renderers.words import word

# A department stands in one of these; each begins its sentence with words of its own.
_KINDS = (("marked", "newly_marked"), ("unmarked", "unmarked"), ("still_marked", "still_marked"))
_TASKS = {"marked": "tasks", "unmarked": "because"}


@dataclass(frozen=True, slots=True)
class Change:
    """A sentence about a department, in three parts; `marked` says that its name is to be. `more`
    tasks stand in the portal."""

    before: str
    name: str
    after: str
    marked: bool
    more: int


@dataclass(frozen=True, slots=True)
class Changes:
    """In printing order. `since`: what is compared with; `steady`: nobody gained or lost a mark;
    `more` departments and `more_tasks` sentences about tasks stand in the portal."""

    since: str
    first: bool
    new: int
    gone: int
    departments: tuple[Change, ...]
    tasks: tuple[str, ...]
    more: int
    more_tasks: int
    none: str
    totals: str

    @property
    def steady(self) -> bool:
        return not (self.first or self.none or self.new or self.gone)


def changes_of(content: Mapping[str, Any], language: str, most: int, most_tasks: int) -> Changes:
    """At most so many departments of each kind and sentences about tasks, and so many tasks with
    a department."""
    moves = content["movements"]
    shown = {key: moves[key][:most] for key, _template in _KINDS}
    since, *sentences = _sentences(content, shown, language, most_tasks)
    departments = tuple(_departments(shown, sentences, language, most_tasks))
    others = sentences[len(departments) :]
    totals = others.pop() if moves["like_for_like"] else ""
    changed = departments or moves["cancelled"] or moves["reassigned"]
    none = others.pop() if moves["since"] and not changed else ""
    return Changes(
        since=since,
        first=moves["since"] is None,
        new=len(moves["marked"]),
        gone=len(moves["unmarked"]),
        departments=departments,
        tasks=tuple(others[:most]),
        more=sum(len(moves[key]) - len(shown[key]) for key in shown),
        more_tasks=max(len(others) - most, 0),
        none=none,
        totals=totals,
    )


def _sentences(
    content: Mapping[str, Any],
    shown: Mapping[str, Sequence[Mapping[str, Any]]],
    language: str,
    most_tasks: int,
) -> list[str]:
    """Those of the list itself, of these departments."""
    cut = {key: [_cut(item, key, most_tasks) for item in shown[key]] for key in shown}
    told = {**content, "movements": {**content["movements"], **cut}}
    return [shortened(sentence, 1200) for sentence in movement_sentences(told, language)]


def _cut(item: Mapping[str, Any], kind: str, most: int) -> Mapping[str, Any]:
    name = {language: shortened(plain(text), 300) for language, text in item["name"].items()}
    key = _TASKS.get(kind)
    return {**item, "name": name, **({key: item[key][:most]} if key else {})}


def _departments(
    shown: Mapping[str, Sequence[Mapping[str, Any]]],
    sentences: Sequence[str],
    language: str,
    most: int,
) -> Iterator[Change]:
    """Each sentence with the name of its department set apart, to be marked."""
    place = 0
    for key, template in _KINDS:
        begins = word(template, language).partition("{name}")[0]
        for item in shown[key]:
            name = shortened(plain(item["name"][language]), 300)
            ends = len(begins) + len(name)
            yield Change(
                before=begins,
                name=name,
                after=sentences[place][ends:],
                marked=key != "unmarked",
                more=max(len(item[_TASKS[key]]) - most, 0) if key in _TASKS else 0,
            )
            place += 1
