"""The course of a letter: for signature, issued with the clerk's number, answered; or withdrawn.

Every step is an entry that is never changed; the state of the letter is read off them."""

import unicodedata
from collections.abc import Iterator
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from tracking.actions.letter_scans import attached, checked_scan
from tracking.actions.refusals import Refused
from tracking.models import Letter, LetterEntry, ListRegistration
from tracking.models.pen import take_the_pen
from tracking.rules.instants import day_of

State = Letter.State


@transaction.atomic
def send_for_signature(*, letter: Letter, now: datetime, by: str) -> Letter:
    """From here on it is printed without the stamp of a draft."""
    held = _held(letter, State.FOR_SIGNATURE)
    return _enter(held, State.FOR_SIGNATURE, now, by)


def issue_letter(
    *,
    letter: Letter,
    number: str,
    dated: date,
    now: datetime,
    by: str,
    scan: "File[bytes] | None" = None,
) -> Letter:
    """With the number and date that the clerk gave it, and perhaps the signed scan. Refused when
    another document of that year has the number, or the date cannot be."""
    number = unicodedata.normalize("NFC", " ".join(number.split()))
    checked = checked_scan(scan) if scan else None
    with attached(checked) as kept:
        held = _held(letter, State.ISSUED)
        faults = list(_number_faults(held, number, dated, day_of(now)))
        if faults:
            raise Refused(faults)
        held.number, held.dated = number, dated
        if kept:
            held.scan, held.scan_sha256 = kept.name, kept.sha256
        text = _("number %(number)s of %(day)s") % {"number": number, "day": f"{dated:%d/%m/%Y}"}
        return _enter(held, State.ISSUED, now, by, text)


def keep_scan(*, letter: Letter, scan: "File[bytes]", now: datetime, by: str) -> Letter:
    """The signed scan of a letter that was issued without it; once."""
    with attached(checked_scan(scan)) as kept:
        held = _locked(letter)
        if held.state not in (State.ISSUED, State.ANSWERED):
            raise Refused([_("the letter is not issued: the clerk enters its number first")])
        if held.scan:
            raise Refused([_("the letter has its signed scan already: what is kept stays")])
        if kept:
            held.scan, held.scan_sha256 = kept.name, kept.sha256
        return _enter(held, held.state, now, by, _("the signed scan was kept"))


@transaction.atomic
def record_answer(
    *, letter: Letter, answered_on: date, now: datetime, by: str, note: str = ""
) -> Letter:
    """The answer came on that day."""
    held = _held(letter, State.ANSWERED)
    if answered_on > day_of(now):
        raise Refused([_("the day of the answer lies in the future: correct it")])
    if held.dated and answered_on < held.dated:
        raise Refused([_("the answer is older than the letter: correct the day")])
    held.answered_on = answered_on
    return _enter(held, State.ANSWERED, now, by, note)


@transaction.atomic
def withdraw_letter(*, letter: Letter, reason: str, now: datetime, by: str) -> Letter:
    """At any time before it is issued."""
    if not reason.strip():
        raise Refused([_("a letter is withdrawn with a reason: write it")])
    return _enter(_held(letter, State.WITHDRAWN), State.WITHDRAWN, now, by, reason)


def _enter(letter: Letter, state: str, now: datetime, by: str, text: str = "") -> Letter:
    said = unicodedata.normalize("NFC", text.strip())[:500]
    LetterEntry.objects.create(letter=letter, state=state, at=now, by=by, text=said)
    letter.state = state
    letter.save()
    return letter


def _held(letter: Letter, step: str) -> Letter:
    """The letter as it is now, for nobody else; Refused when the step may not follow."""
    held = _locked(letter)
    if not held.may_become(step):
        raise Refused([_illegal(held, step)])
    return held


def _locked(letter: Letter) -> Letter:
    take_the_pen()
    return Letter.objects.select_for_update().get(pk=letter.pk)


def _illegal(letter: Letter, step: str) -> str:
    state = letter.state
    if state == State.WITHDRAWN:
        return _("the letter is withdrawn: draft another")
    if state == step:
        return _("that step is taken already: nothing more is to be done")
    if state == State.ANSWERED:
        return _("the letter is answered: nothing can follow")
    if step == State.WITHDRAWN:
        return _("the letter is issued: it can no longer be withdrawn, send a correcting one")
    if state == State.ISSUED:
        return _("the letter is issued already: only its answer can follow")
    if step == State.ISSUED:
        return _("the letter was not sent for signature: send it first")
    return _("the letter is not issued: the clerk enters its number first")


def _number_faults(letter: Letter, number: str, dated: date, today: date) -> Iterator[str]:
    if not number:
        yield _("the number is empty: write it as it is stamped on the document")
    if dated > today:
        yield _("the date of the document lies in the future: correct it")
    if dated < day_of(letter.drafted_at):
        yield _("the date of the document lies before the day it was drafted: correct it")
    same = {"number": number, "dated__year": dated.year}
    for other in Letter.objects.filter(**same).exclude(number=""):
        yield _taken(number, dated, other)
    # The list that a cover report carries may have been registered under the number of the report.
    lists = ListRegistration.objects.filter(**same).exclude(progress_list=letter.progress_list)
    for registered in lists.select_related("progress_list"):
        yield _taken(number, dated, registered.progress_list)


def _taken(number: str, dated: date, whose: object) -> str:
    return _("number %(number)s of %(year)d is that of %(list)s already: check it") % {
        "number": number,
        "year": dated.year,
        "list": whose,
    }
