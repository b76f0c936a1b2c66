"""What must each row of a register file hold? Shapes only; what codes mean is looked up later."""

import unicodedata
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext as _

from databases.models.party import PartyRole
from databases.models.step import Step
from databases.rules.stage import Stage
from tracking.plan_files.plain import Unfit
from tracking.plan_files.readers import Reader, code, day, flag, instant, name, text
from tracking.plan_files.schema import Fields


def _text(limit: int) -> Reader:
    """A text whose lines end alike whatever program wrote it."""
    read = text(limit)
    return lambda value: as_in_files(read(value))


def _name(value: Any) -> dict[str, str]:
    return {language: as_in_files(said) for language, said in name(value).items()}


def as_in_files(value: Any) -> Any:
    """A stored text as it comes back from a file, where browsers' line ends do not survive; what
    is no text, as it is."""
    if not isinstance(value, str):
        return value
    return unicodedata.normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n").strip())


def _one_of(kind: type[StrEnum | TextChoices], sentence: Callable[[], str]) -> Reader:
    def read(value: Any) -> Any:
        try:
            return kind(value)
        except ValueError:
            raise Unfit(sentence() % ", ".join(kind)) from None

    return read


def _security_level(value: Any) -> int:
    if type(value) is not int or not 1 <= value <= 5:
        raise Unfit(_("is not a whole number from 1 to 5: correct it, or leave it empty"))
    return value


_stage = _one_of(Stage, lambda: _("is not a stage: the stages are %s"))
_step = _one_of(Step, lambda: _("is not a step: the steps are %s"))
_role = _one_of(PartyRole, lambda: _("is not a role: the roles are %s"))

# What was entered, by whom and when; left empty of rows that are new.
_ENTERED: dict[str, tuple[Reader, bool]] = {
    "document": (text(100), False),
    "note": (_text(500), False),
    "actor": (_text(150), False),
    "recorded_at": (instant, False),
}

# section -> key -> (reader, whether the row means nothing without it)
FIELDS: dict[str, Fields] = {
    "counterparts": {
        "code": (code(40), True),
        "name": (_name, True),
        "owner": (code(40), False),
    },
    "databases": {
        "code": (code(40), True),
        "name": (_name, True),
        "owner": (code(40), True),
        "operator": (_text(300), False),
        "host": (_text(300), False),
        "security_level": (_security_level, False),
        "placeholder": (flag, False),
        "note": (_text(1000), False),
    },
    "connections": {
        "code": (code(60), True),
        "database": (code(40), True),
        "counterpart": (code(40), True),
        "task": (code(60), False),
    },
    "interfaces": {
        "code": (code(60), True),
        "connection": (code(60), True),
        "name": (_name, True),
    },
    "stages": {
        "connection": (code(60), True),
        "stage": (_stage, True),
        "effective_on": (day, True),
        **_ENTERED,
    },
    "steps": {
        "connection": (code(60), True),
        "step": (_step, True),
        "done_on": (day, True),
        "expires_on": (day, False),
        **_ENTERED,
    },
    "parties": {
        "connection": (code(60), True),
        "role": (_role, True),
        "department": (code(40), False),
        "partner": (code(40), False),
        "valid_from": (day, True),
        "valid_to": (day, False),
        "document": (_text(300), False),
    },
}

KEYS = {
    "counterparts": "code",
    "databases": "code",
    "connections": "code",
    "interfaces": "code",
}
