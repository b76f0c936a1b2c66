"""Letters that show the register at work; their subjects say that they are illustrative."""

from contextlib import suppress
from datetime import datetime, timedelta

from tracking.actions.letter_course import issue_letter, send_for_signature
from tracking.actions.letters import draft_letter
from tracking.actions.refusals import Refused
from tracking.models import Department, Letter, LetterKind, Partner
from tracking.models.scorecards import reasons_at
from tracking.rules.instants import cut_off, day_of

_LABEL = "(minh họa)"
_NUMBER = "MH-01/TTYQG-DA"  # a number that no records office gives
_ISSUED_AGO, _TO_ANSWER = timedelta(days=10), timedelta(days=7)
_PARTNER = "BNV"


def illustrate_letters(now: datetime) -> None:
    """Once: one issued ten days ago whose answer is late, and one just drafted."""
    if Letter.objects.exists():
        return
    _issue_one(now - _ISSUED_AGO)
    partner = Partner.objects.filter(code=_PARTNER).first()
    with suppress(Refused):  # nothing waits for it
        _labelled(draft_letter(kind=LetterKind.ADVICE, now=now, by="seed", partner=partner))


def _issue_one(then: datetime) -> None:
    today = day_of(then)
    late = (d for d in Department.objects.active(today) if reasons_at([d.code], cut_off(today)))
    department = next(late, None)
    if department is None:
        return
    letter = draft_letter(
        kind=LetterKind.TO_DEPARTMENT,
        now=then,
        by="seed",
        department=department,
        answer_due_on=today + _TO_ANSWER,
    )
    _labelled(letter)
    send_for_signature(letter=letter, now=then, by="seed")
    issue_letter(letter=letter, number=_NUMBER, dated=today, now=then, by="seed")


def _labelled(letter: Letter) -> None:
    letter.subject = f"{letter.subject} {_LABEL}"
    letter.content = {**letter.content, "subject": letter.subject}
    letter.save()
