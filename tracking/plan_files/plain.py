"""What may a plan file hold where its content is free? Values that every reader can keep."""

import unicodedata
from collections.abc import Mapping
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

DEEPEST = 20
_INVISIBLE = {"Cc", "Cs"}  # controls and half characters


class Unfit(Exception):
    """The value is not of the right shape; the message says what to do."""


def check_visible(text: str) -> None:
    """Unfit when it holds what neither PostgreSQL nor a document can."""
    for character in text:
        code = ord(character)
        hidden = unicodedata.category(character) in _INVISIBLE and character not in "\n\r\t"
        if hidden or code & 0xFFFE == 0xFFFE:
            raise Unfit(_("holds the invisible character U+%04X: delete it") % code)


def check_plain(value: Any, depth: int = 0) -> None:
    """Unfit unless it is made of texts, whole numbers, true, false, null, lists and objects."""
    if depth > DEEPEST:
        raise Unfit(_("is nested too deeply: write it flat"))
    match value:
        case str():
            check_visible(value)
        case float():
            raise Unfit(_("holds the number %s: only whole numbers are kept, or a text") % value)
        case Mapping():
            for item in chain(value.keys(), value.values()):
                check_plain(item, depth + 1)
        case list():
            for item in value:
                check_plain(item, depth + 1)
