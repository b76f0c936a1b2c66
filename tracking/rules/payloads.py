"""What must the payload of an event hold? (the contract's list, as a table)"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracking.rules.deadline import Reading
from tracking.rules.events import Kind


@dataclass(frozen=True, slots=True)
class PayloadFault:
    """`key` of the payload and `wrong`, a code that doors put into words."""

    key: str
    wrong: str  # missing | date | reading | department | counterpart | flag | percent | text


# Years that leave room for the day after and for the arithmetic of periods.
_DAY = re.compile(r"(19|[2-8]\d)\d\d-\d\d-\d\d")

Reader = Callable[[Any, "Codes"], bool]


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes that payloads may name."""

    departments: Collection[str]
    partners: Collection[str]


def _is_date(value: Any, codes: Codes) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_text(value: Any, codes: Codes) -> bool:
    return value is None or isinstance(value, str)


def _is_percent(value: Any, codes: Codes) -> bool:
    return value is None or (type(value) is int and 0 <= value <= 100)


def _is_counterpart(value: Any, codes: Codes) -> bool:
    return isinstance(value, str) and (value in codes.partners or value in codes.departments)


_CHECKS: dict[str, tuple[Reader, str]] = {
    "due_on": (lambda v, c: v is None or _is_date(v, c), "date"),
    "reading": (lambda v, c: v is None or (isinstance(v, str) and v in set(Reading)), "reading"),
    "lead": (lambda v, c: isinstance(v, str) and v in c.departments, "department"),
    "on": (_is_counterpart, "counterpart"),
    "required": (lambda v, c: isinstance(v, bool), "flag"),
    "percent": (_is_percent, "percent"),
    "reason": (_is_text, "text"),
    "note": (_is_text, "text"),
    "wording": (_is_text, "text"),
    "document": (_is_text, "text"),
}

# Keys without which an event means nothing; the others may be absent.
_NEEDED: dict[Kind, tuple[str, ...]] = {
    Kind.EXTENSION_GRANTED: ("due_on",),
    Kind.BLOCKED: ("on",),
    Kind.UNBLOCKED: ("on",),
    Kind.REASSIGNED: ("lead",),
    Kind.REQUIREMENT_CHANGED: ("required",),
}


def payload_faults(kind: Kind, payload: Mapping[str, Any], codes: Codes) -> Iterator[PayloadFault]:
    for key in _NEEDED.get(kind, ()):
        if payload.get(key) is None:
            yield PayloadFault(key, "missing")
    if kind is Kind.DEADLINE_SET and "due_on" not in payload and not payload.get("wording"):
        yield PayloadFault("due_on", "missing")
    if kind is Kind.EVIDENCE_RECORDED:
        return  # its content is free
    for key, (fits, wrong) in _CHECKS.items():
        missing = key in _NEEDED.get(kind, ()) and payload.get(key) is None
        if key in payload and not missing and not fits(payload[key], codes):
            yield PayloadFault(key, wrong)
