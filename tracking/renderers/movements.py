"""What has changed since the list before, told in sentences."""

from collections.abc import Iterator, Mapping
from typing import Any

from tracking.renderers.plain import plain
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import (
    counted,
    date_text,
    list_number_text,
    ordinal_text,
    words_of,
)

Words = Mapping[str, str]


def movement_sentences(content: Mapping[str, Any], language: str) -> tuple[str, ...]:
    """The sentences in printing order; never empty."""
    moves, say = content["movements"], words_of(language)
    since = moves["since"]
    if since is None:
        return (say["no_earlier_list"],)
    number, day = list_number_text(since["number"]), date_text(since["as_of"], language)
    names = {item["code"]: plain(item["name"][language]) for item in content["departments"]}
    changes = [*_departments(moves, language, say), *_tasks(moves, language, say, names)]
    return (
        say["since"].format(number=number, day=day),
        *(changes or [say["no_change"]]),
        *_like_for_like(moves["like_for_like"], language, say),
    )


def _departments(moves: Mapping[str, Any], language: str, say: Words) -> Iterator[str]:
    for item in moves["marked"]:
        tasks = ", ".join(plain(code) for code in item["tasks"])
        yield say["newly_marked"].format(name=plain(item["name"][language]), tasks=tasks)
    for item in moves["unmarked"]:
        why = "; ".join(_why(because, say) for because in item["because"])
        template = say["unmarked"] if why else say["unmarked_plain"]
        yield template.format(name=plain(item["name"][language]), why=why)
    for item in moves["still_marked"]:
        times = ordinal_text(item["times"], language)
        yield say["still_marked"].format(name=plain(item["name"][language]), times=times)


def _why(because: Mapping[str, str], say: Words) -> str:
    template = say.get(f"why_{because['why']}", say["why_other"])
    return template.format(task=plain(because["task"]))


def _tasks(
    moves: Mapping[str, Any], language: str, say: Words, names: Mapping[str, str]
) -> Iterator[str]:
    for item in moves["cancelled"]:
        was = say.get(item["was"], item["was"])
        yield say["cancelled"].format(
            task=plain(item["task"]), title=plain(item["title"][language]),
            lead=names.get(item["lead"], item["lead"]), was=was[:1].lower() + was[1:],
            reason=f": {plain(item['reason']).rstrip('.')}." if item["reason"] else ".",
        )  # fmt: skip
    for item in moves["reassigned"]:
        yield say["reassigned"].format(
            task=plain(item["task"]), title=plain(item["title"][language]),
            source=names.get(item["from"], item["from"]),
            target=names.get(item["to"], item["to"]),
        )  # fmt: skip


def _like_for_like(both: Mapping[str, Any] | None, language: str, say: Words) -> Iterator[str]:
    if both is None:
        return
    before, now = both["before"], both["now"]
    changes = (
        say["was_now"].format(standing=say[code].lower(), before=before[code], now=now[code])
        for code in STANDINGS
        if before[code] or now[code]
    )
    tasks = counted(both["tasks"], "task", language)
    yield say["like_for_like"].format(tasks=tasks, changes="; ".join(changes))
