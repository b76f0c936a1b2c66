"""What does a letter say? Everything, as plain JSON: each of its formats is a rendering of it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.letter_meetings import said_of_conclusions, said_of_invitation
from tracking.actions.letter_said import Asked, Said, dated_text
from tracking.actions.letter_tasks import said_of_list, said_of_waits, said_to_department
from tracking.actions.letter_words import Words, words_of
from tracking.actions.refusals import Refused
from tracking.models import LetterKind
from tracking.models.letter_facts import classified
from tracking.renderers import letter_words as say
from tracking.renderers.document_words import document_word
from tracking.rules.canonical import nfc
from tracking.rules.instants import day_of
from tracking.rules.letters import filled, passages_of

FORMAT = "letter/1"
LONGEST_SUBJECT = 500
_HEADER = ("governing", "agency", "country", "motto")

Json = dict[str, Any]
_SAID: Mapping[str, Callable[[Asked], Said]] = {
    LetterKind.TO_DEPARTMENT: said_to_department,
    LetterKind.ADVICE: said_of_waits,
    LetterKind.COVER_REPORT: said_of_list,
    LetterKind.INVITATION: said_of_invitation,
    LetterKind.CONCLUSIONS: said_of_conclusions,
}


def said_of(asked: Asked) -> Said:
    """What the fields are filled with. Refused when there is nothing to write about."""
    if asked.kind not in _SAID:
        raise Refused(
            [
                _('there is no kind of letter "%(kind)s": the kinds are %(known)s')
                % {"kind": asked.kind, "known": ", ".join(LetterKind.values)}
            ]
        )
    if asked.answer_due_on and asked.answer_due_on < day_of(asked.now):
        raise Refused([_("the answer is asked for by a day that is past: correct the date")])
    return _SAID[asked.kind](asked)


def content_of(asked: Asked, said: Said) -> Json:
    """The letter in the words of its template, as JSON in Unicode NFC."""
    return written(asked.kind, words_of(asked.kind), said, dated_text(asked.answer_due_on))


def written(kind: str, words: Words, said: Said, answer_due_on: str = "") -> Json:
    """The letter that these words make of what is to be said."""
    form = say.FORMS[kind]
    agency = {"agency": document_word("agency_name", "vi"), "answer_due_on": answer_due_on}
    values = {**said.values, **agency}
    subject = " ".join(filled(words.subject, values))[:LONGEST_SUBJECT]
    addressees = " ".join(filled(words.addressee, values)).split(";")
    issued = said.annexed
    content: Json = {
        "format": FORMAT,
        "kind": str(kind),
        "named": form.named,
        "title": form.title,
        "subject": subject,
        "header": {
            **{key: document_word(key, "vi") for key in _HEADER},
            "number": say.number_line(form),
            "place_date": document_word("place_date", "vi"),
        },
        "agency_name": agency["agency"],
        "addressees": [name.strip() for name in addressees if name.strip()],
        "passages": passages_of(words.body, values, said.blocks),
        "annex": said.annex,
        "annexed": {"number": issued.number, "sha256": issued.sha256} if issued else None,
        "recipients": filled(words.recipients, values),
        "position": words.position,
        "stamp": say.STAMP,
        "classified": sorted(classified([*said.codes, *said.printed])),
    }
    return dict(nfc(content))
