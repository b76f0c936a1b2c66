"""What does a value of a file have to be? One reader per shape, each with its sentence."""

import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tracking.plan_files.plain import Unfit, check_visible
from tracking.rules.instants import in_zone, instant_from

Reader = Callable[[Any], Any]
YEARS = range(1900, 9000)  # beyond, adding a day or an offset may leave the calendar


def text(limit: int) -> Reader:
    """Reads a text of at most so many characters, as many as its column in the register holds."""

    def read(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise Unfit(_("is not a text: write it between quotes"))
        said = unicodedata.normalize("NFC", value.strip())
        check_visible(said)
        if len(said) > limit:
            raise Unfit(_("is longer than %d characters: shorten it") % limit)
        return said

    return read


def code(limit: int) -> Reader:
    def read(value: Any) -> str:
        try:
            said: str = text(limit)(value)
        except Unfit:
            said = "\n"
        if any(unicodedata.category(c).startswith("C") for c in said):
            raise Unfit(_("is not a code: use at most %d visible characters") % limit)
        return said

    return read


def name(value: Any) -> dict[str, str]:
    if isinstance(value, str):
        value = {"vi": value}
    if not isinstance(value, Mapping) or not value.get("vi"):
        raise Unfit(_('is not a name: write {"vi": "…", "en": "…"}'))
    read = text(500)
    return {language: read(value[language]) for language in ("vi", "en") if value.get(language)}


def day(value: Any) -> date:
    found = iso_day(value)
    # Python reads the day of a week and dates without hyphens as well.
    if found and found.isoformat() == value and found.year in YEARS:
        return found
    raise Unfit(_("is not a date: write it as YYYY-MM-DD"))


def iso_day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value)
    except (ValueError, TypeError):
        return None


def instant(value: Any) -> Any:
    try:
        found = in_zone(instant_from(value))
        if found.year in YEARS:
            return found
    except (ValueError, TypeError, OverflowError):
        pass
    raise Unfit(_("is not an instant: write it as 2025-11-18T08:00:00+07:00"))


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Unfit(_("is neither true nor false: use one of the two"))
    return value


def codes(value: Any) -> list[str]:
    value = [value] if isinstance(value, str) else value
    if not isinstance(value, list):
        raise Unfit(_('is not a list of codes: write it as ["A", "B"]'))
    found = [code(40)(item) for item in value]
    if len(set(found)) < len(found):
        raise Unfit(_("names a code twice: leave one out"))
    return found
