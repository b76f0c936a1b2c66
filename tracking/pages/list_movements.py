"""What has changed since the list before, in parts that a page can link and mark."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracking.renderers.movements import movement_sentences
from tracking.renderers.plain import plain
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import ordinal_text, words_of

Content = Mapping[str, Any]


# A department by name, and what is told of it: the tasks that marked it, why it is marked no
# longer, or the how manieth list running marks it.
Mover = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Movements:
    """`since`: number of the list before, None if there was none. `both`: (standing, its name,
    before, now) of the tasks in both lists."""

    since: int | None
    intro: str
    marked: Sequence[Mover]
    unmarked: Sequence[Mover]
    still: Sequence[Mover]
    tasks: Sequence[str]
    both: Sequence[tuple[str, str, int, int]]
    both_tasks: int

    @property
    def nothing(self) -> bool:
        return not (self.marked or self.unmarked or self.still or self.tasks)


def movements_of(content: Content, language: str) -> Movements:
    moves, say = content["movements"], words_of(language)
    sentences = movement_sentences(content, language)
    both = moves.get("like_for_like")
    return Movements(
        since=moves["since"]["number"] if moves["since"] else None,
        intro=sentences[0],
        marked=[_mover(item, language, _tasks(item)) for item in moves["marked"]],
        unmarked=[_mover(item, language, _why(item, say)) for item in moves["unmarked"]],
        still=[_mover(item, language, _times(item, language)) for item in moves["still_marked"]],
        tasks=_of_tasks(moves, sentences),
        both=list(_both(both, say)) if both else [],
        both_tasks=both["tasks"] if both else 0,
    )


def _mover(item: Content, language: str, told: str) -> Mover:
    return plain(item["name"][language]), told


def _tasks(item: Content) -> str:
    return ", ".join(plain(code) for code in item["tasks"])


def _why(item: Content, say: Mapping[str, str]) -> str:
    templates = ((say.get(f"why_{b['why']}", say["why_other"]), b["task"]) for b in item["because"])
    return "; ".join(template.format(task=plain(task)) for template, task in templates)


def _times(item: Content, language: str) -> str:
    say = words_of(language)
    return say["times_running"].format(times=ordinal_text(item["times"], language))


def _of_tasks(moves: Content, sentences: Sequence[str]) -> list[str]:
    """The sentences about tasks that were cancelled or passed on; they follow those about
    departments and precede the one like for like."""
    moved = sum(len(moves[key]) for key in ("marked", "unmarked", "still_marked"))
    told = len(moves.get("cancelled", ())) + len(moves.get("reassigned", ()))
    return list(sentences[1 + moved : 1 + moved + told])


def _both(both: Content, say: Mapping[str, str]) -> Iterator[tuple[str, str, int, int]]:
    for code in STANDINGS:
        before, now = both["before"][code], both["now"][code]
        if before or now:
            yield code, say[code], before, now
