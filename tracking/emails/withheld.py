"""What of a list may leave by mail? A classified task is named nowhere, in whatever words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _, ngettext

# Where people write freely and may have named a task.
_FREE = frozenset({"title", "text", "reason", "note", "wording", "product"})


@dataclass(frozen=True, slots=True)
class Mailable:
    """A list without its classified tasks; `withheld` says how many the reader of the mail would
    otherwise have been told of."""

    content: Mapping[str, Any]
    secret: frozenset[str]
    withheld: int


def mailable(content: Mapping[str, Any], classified: frozenset[str]) -> Mailable:
    """The list without these tasks and their parts: neither code nor title is left in it. The
    counts of departments and the totals stay as they are, for a number names nothing."""
    if not classified:
        return Mailable(content, classified, 0)
    secret = _with_parts(content, classified)
    named = secret & set(_named(content))
    silenced = _silenced(content, secret)
    departments = [_department(row, secret) for row in silenced["departments"]]
    moves = _movements(silenced["movements"], secret)
    spoken = {**silenced, "departments": departments, "movements": moves}
    return Mailable(spoken, secret, len(named))


def _with_parts(content: Mapping[str, Any], classified: frozenset[str]) -> frozenset[str]:
    """With the tasks that are part of them, whose codes and titles would tell."""
    parents = {t["code"]: t["parent"] for d in content["departments"] for t in d["tasks"]}
    secret = set(classified)
    while more := {code for code, parent in parents.items() if parent in secret} - secret:
        secret |= more
    return frozenset(secret)


def _named(content: Mapping[str, Any]) -> Iterator[str]:
    """The tasks that a message about this list would name."""
    for department in content["departments"]:
        yield from department["reasons"]
    moves = content["movements"]
    for item in moves["marked"]:
        yield from item["tasks"]
    for item in moves["unmarked"]:
        yield from (because["task"] for because in item["because"])
    for item in (*moves["cancelled"], *moves["reassigned"]):
        yield item["task"]


def _silenced(content: Mapping[str, Any], secret: frozenset[str]) -> dict[str, Any]:
    """With their codes and titles struck out of what people wrote about other tasks."""
    words = {*secret, *_titles(content, secret)}
    longest_first = sorted(words, key=len, reverse=True)
    pattern = re.compile(
        "|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in longest_first), re.IGNORECASE
    )
    told = {
        "departments": [_reasons_alone(row) for row in content["departments"]],
        "movements": content["movements"],
        "supersedes": content["supersedes"],
    }
    return {**content, **_struck(told, pattern, free=False)}


def _reasons_alone(row: Mapping[str, Any]) -> dict[str, Any]:
    """A message names no other task, and a list may have a hundred thousand."""
    reasons = set(row["reasons"])
    return {**row, "tasks": [task for task in row["tasks"] if task["code"] in reasons]}


def _titles(content: Mapping[str, Any], secret: frozenset[str]) -> Iterator[str]:
    moves = content["movements"]
    moved = (*moves["cancelled"], *moves["reassigned"])
    tasks = [(t["code"], t["title"]) for d in content["departments"] for t in d["tasks"]]
    for code, title in (*tasks, *((item["task"], item["title"]) for item in moved)):
        if code in secret:
            yield from filter(None, title.values())


def _struck(value: Any, pattern: re.Pattern[str], *, free: bool) -> Any:
    if isinstance(value, Mapping):
        return {k: _struck(v, pattern, free=free or k in _FREE) for k, v in value.items()}
    if isinstance(value, list):
        return [_struck(item, pattern, free=free) for item in value]
    return pattern.sub("[…]", value) if free and isinstance(value, str) else value


def _department(row: Mapping[str, Any], secret: frozenset[str]) -> dict[str, Any]:
    return {
        **row,
        "reasons": [code for code in row["reasons"] if code not in secret],
        "tasks": [task for task in row["tasks"] if task["code"] not in secret],
        "remarks": [r for r in row.get("remarks", ()) if secret.isdisjoint(r["tasks"])],
    }


def _movements(moves: Mapping[str, Any], secret: frozenset[str]) -> dict[str, Any]:
    return {
        **moves,
        "marked": [{**item, "tasks": _spoken(item["tasks"], secret)} for item in moves["marked"]],
        "unmarked": [
            {**item, "because": [_because(why, secret) for why in item["because"]]}
            for item in moves["unmarked"]
        ],
        **{
            key: [item for item in moves[key] if item["task"] not in secret]
            for key in ("cancelled", "reassigned")
        },
    }


def _spoken(codes: list[str], secret: frozenset[str]) -> list[str]:
    named = [code for code in codes if code not in secret]
    hidden = len(codes) - len(named)
    return [*named, unnamed(hidden)] if hidden else named


def _because(item: Mapping[str, str], secret: frozenset[str]) -> Mapping[str, str]:
    if item["task"] not in secret:
        return item
    return {**item, "task": _("a task shown in the portal only")}


def unnamed(number: int) -> str:
    """ "2 tasks shown in the portal only"."""
    return ngettext(
        "%(count)s task shown in the portal only",
        "%(count)s tasks shown in the portal only",
        number,
    ) % {"count": number}
