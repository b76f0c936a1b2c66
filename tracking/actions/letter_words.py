"""The words of each kind of letter: those of the administrators, else those the portal comes with;
and what is wrong with them, in sentences."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.actions.refusals import Refused
from tracking.models import LetterTemplate
from tracking.rules.letters import Fault, Trouble, faults_of

_FILE = Path(__file__).resolve().parent.parent / "seed" / "letter_templates.json"
CHECKED = ("subject", "addressee", "body", "recipients")

_PARTS = {
    "subject": gettext_lazy("subject of the letter"),
    "addressee": gettext_lazy("addressed to"),
    "body": gettext_lazy("text"),
    "recipients": gettext_lazy("recipients, one a line"),
}
_TROUBLES = {
    Trouble.BRACE: gettext_lazy(
        "a brace is opened and not closed, or the other way round: write the name of a field "
        "between one { and one }"
    ),
    Trouble.UNKNOWN: gettext_lazy(
        "there is no field {%(field)s} in this kind of letter: take one of the list below"
    ),
    Trouble.NOT_ALONE: gettext_lazy(
        "{%(field)s} becomes paragraphs or a table: put it alone on a line"
    ),
    Trouble.BLOCK: gettext_lazy(
        "{%(field)s} becomes paragraphs or a table: it can only stand in the text"
    ),
    Trouble.SOMETIMES: gettext_lazy(
        "{%(field)s} has no value in some letters: it can only stand in the text, where its line "
        "is then left out"
    ),
    Trouble.MISSING: gettext_lazy(
        "the field {%(field)s} is missing: a letter of this kind must say it, so put it in"
    ),
    Trouble.EMPTY: gettext_lazy("there is no text: write what the letter says"),
}


@dataclass(frozen=True, slots=True)
class Words:
    subject: str
    addressee: str
    body: str
    recipients: str
    position: str


def words_of(kind: str) -> Words:
    """Those in force; Refused when the ones kept are not sound."""
    row = LetterTemplate.objects.filter(kind=kind).first()
    if row is None:
        return words_by_default(kind)
    kept = Words(row.subject, row.addressee, row.body, row.recipients, row.position)
    faults = [sentence for _part, sentence in wrong_with(kind, asdict(kept))]
    if faults:
        raise Refused(faults)
    return kept


@cache
def words_by_default(kind: str) -> Words:
    words: dict[str, Any] = json.loads(_FILE.read_text(encoding="utf-8"))[kind]
    return Words(
        subject=words["subject"],
        addressee=words["addressee"],
        body="\n".join(words["body"]),
        recipients="\n".join(words["recipients"]),
        position=words["position"],
    )


def wrong_with(kind: str, words: dict[str, str]) -> Iterable[tuple[str, str]]:
    """(part, sentence with its line) of every fault."""
    found = faults_of(kind, {part: words[part] for part in CHECKED})
    return [(fault.part, _told(fault)) for fault in found]


def _told(fault: Fault) -> str:
    why = str(_TROUBLES[fault.trouble]) % {"field": fault.field}
    part = _PARTS[fault.part]
    if not fault.line:
        return _("%(part)s: %(why)s") % {"part": part, "why": why}
    return _("%(part)s, line %(line)d: %(why)s") % {"part": part, "line": fault.line, "why": why}
