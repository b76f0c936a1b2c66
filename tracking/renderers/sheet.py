"""Chooses the words of a progress list once, so that every format says the same."""

from collections.abc import Iterator, Mapping
from typing import Any

from tracking.renderers.cells import TaskWriter
from tracking.renderers.marks import group_of
from tracking.renderers.movements import movement_sentences
from tracking.renderers.parts import Group, Line, Sheet, Table
from tracking.renderers.plain import plain
from tracking.renderers.vocabulary import COLUMNS, STANDINGS
from tracking.renderers.words import (
    date_text,
    instant_text,
    list_number_text,
    number_text,
    share_text,
    word,
    words_of,
)

__all__ = ["Group", "Line", "Sheet", "Table", "sheet_of"]

Content = Mapping[str, Any]


def sheet_of(content: Content, *, language: str) -> Sheet:
    """A list of format progress-list/1 in words; ValueError for an unknown language."""
    writer = TaskWriter(language)
    policy = content["policy"]
    return Sheet(
        language=language,
        title=word("title", language),
        subtitle=_subtitle(content, language),
        draft=content["number"] is None,
        number=content["number"],
        forecast=content["forecast"],
        facts=tuple(_facts(content, language)),
        columns=tuple(word(f"column_{column}", language) for column in COLUMNS),
        groups=tuple(
            group_of(department, place, policy, writer)
            for place, department in enumerate(content["departments"], 1)
        ),
        totals=tuple(_totals(content["totals"], language)),
        movements=movement_sentences(content, language),
        annexes=tuple(_table(annex, language) for annex in content["annexes"]),
        legend=tuple(plain(entry["text"][language]) for entry in content["legend"]),
        sha256=content["sha256"],
        as_of=content["as_of"],
        policy=policy,
    )


def _subtitle(content: Content, language: str) -> str:
    day = date_text(content["as_of"], language)
    if content["number"] is None:
        return word("subtitle", language).format(day=day)
    number = list_number_text(content["number"])
    return word("subtitle_numbered", language).format(number=number, day=day)


def _facts(content: Content, language: str) -> Iterator[tuple[str, str]]:
    say = words_of(language)
    number = content["number"]
    yield say["fact_number"], say["draft"] if number is None else list_number_text(number)
    as_of = say["end_of_day"].format(day=date_text(content["as_of"], language))
    yield say["fact_as_of"], f"{as_of} – {say['forecast']}" if content["forecast"] else as_of
    yield say["fact_known_at"], instant_text(content["known_at"], language)
    yield say["fact_plans"], _plans(content, language)
    policy = content["policy"]
    yield say["fact_policy"], f"{say[f'mark_{policy}']} – {say[f'policy_{policy}']}"
    if content["supersedes"]:
        number = list_number_text(content["supersedes"]["number"])
        reason = plain(content["supersedes"]["reason"])
        yield say["fact_supersedes"], say["list_named"].format(number=number) + f": {reason}"
    days, working = content["due_soon_days"], content["stale_working_days"]
    yield say["fact_limits"], say["limits"].format(days=days, working=working)
    yield say["fact_calendar"], plain(content["calendar_version"])
    if content["previous"]:
        yield say["fact_previous"], content["previous"]


def _plans(content: Content, language: str) -> str:
    say, names = words_of(language), []
    for plan in content["plan_names"]:
        name, code = plain(plan["name"][language]), plain(plan["code"])
        text = name if code in name else f"{name} ({code})"
        if plan["issued_on"]:
            text += " " + say["plan_issued"].format(day=date_text(plan["issued_on"], language))
        names.append(text)
    text = "; ".join(names) or say["no_plan"]
    return f"{say['every_plan']}: {text}" if content["every_plan"] else text


def _totals(totals: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    say, due = words_of(language), totals["due"]
    yield say["total_in_scope"], number_text(totals["in_scope"], language)
    for standing in STANDINGS:
        yield say[standing], number_text(totals["standings"][standing], language)
    yield say["total_due"], number_text(due, language)
    yield say["total_completed"], share_text(totals["completed_of_due"], due, language)
    yield say["total_on_time"], share_text(totals["on_time_of_due"], due, language)
    yield say["total_early"], number_text(totals["completed_early"], language)
    marked = share_text(totals["departments_marked"], totals["departments"], language)
    yield say["total_departments"], marked


def _table(annex: Mapping[str, Any], language: str) -> Table:
    kinds = tuple(column["kind"] for column in annex["columns"])
    rows = annex["rows"]
    return Table(
        title=plain(annex["title"][language]),
        columns=tuple(plain(column["title"][language]) for column in annex["columns"]),
        kinds=kinds,
        rows=tuple(
            tuple(_cell(value, kind, language) for value, kind in zip(row, kinds, strict=True))
            for row in rows
        ),
        summary=plain(annex["summary_text"][language]),
        note=plain(annex["note"][language]) if annex["note"] else "",
        values=tuple(tuple(_value(value, language) for value in row) for row in rows),
    )


def _value(value: Any, language: str) -> str | int | None:
    if isinstance(value, Mapping):
        return plain(value[language])
    return plain(value) if isinstance(value, str) else value


def _cell(value: Any, kind: str, language: str) -> str:
    value = _value(value, language)
    if value is None:
        return ""
    if isinstance(value, int):
        return number_text(value, language)
    return date_text(value, language) if kind == "date" else value
