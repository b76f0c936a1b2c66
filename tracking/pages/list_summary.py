"""What do the operators' pages show of a progress list, in the words of its printed forms?"""

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings

from tracking.renderers.files import FILES as FORMATS
from tracking.renderers.parts import Group
from tracking.renderers.sheet import sheet_of
from tracking.renderers.vocabulary import STANDINGS
from tracking.renderers.words import instant_text, number_text, words_of


def summary_of(content: Mapping[str, Any], language: str) -> dict[str, Any]:
    """`sheet`, `known_at`, `say`, `standings`, `rows` (one per department) and `marked` (those rows
    that are: group, word of the mark, what follows it)."""
    sheet = sheet_of(content, language=language)
    say = words_of(language)
    standings = [say[standing] for standing in STANDINGS]
    return {
        "sheet": sheet,
        "known_at": instant_text(content["known_at"], language),
        "say": say,
        "standings": standings,
        "rows": [_row(group, standings, language) for group in sheet.groups],
        "marked": [(group, *_mark(group)) for group in sheet.groups if group.marked],
    }


def downloads(address: Callable[[str, str], str]) -> list[tuple[str, Any, list[tuple[Any, str]]]]:
    """Per language: its code, its name, and (label, address) of every format; `address` is given
    a format and a language."""
    return [
        (
            language,
            name,
            [(label, address(form, language)) for form, (label, *_) in FORMATS.items()],
        )
        for language, name in settings.LANGUAGES
    ]


def _row(group: Group, standings: list[str], language: str) -> dict[str, Any]:
    word, detail = _mark(group)
    return {
        "group": group,
        "word": word,
        "detail": detail,
        "tasks": number_text(sum(group.counts), language),
        "counts": [
            (standing, number_text(count, language), count)
            for standing, count in zip(standings, group.counts, strict=True)
        ],
    }


def _mark(group: Group) -> tuple[str, str]:
    """The word of the mark, and what follows it."""
    word, _colon, detail = group.mark.partition(": ")
    return word, detail
