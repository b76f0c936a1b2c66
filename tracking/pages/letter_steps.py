"""Which steps may a person take with a letter, with which form, and what does each do?"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tracking.actions.letter_course import (
    issue_letter,
    keep_scan,
    record_answer,
    send_for_signature,
    withdraw_letter,
)
from tracking.forms.letters import AnswerForm, IssueForm, NothingForm, ScanForm, WithdrawForm
from tracking.models import Letter
from tracking.permissions import Visitor, may_draft_letters, may_issue_letters

State = Letter.State


@dataclass(frozen=True, slots=True)
class Step:
    """`ready`: whether it can follow; `take`: the action, told the letter, now, by whom, and what
    the form holds."""

    name: str
    label: Any
    says: Any
    form: type[forms.Form]
    may: Callable[[Visitor], bool]
    ready: Callable[[Letter], bool]
    take: Callable[..., Letter]

    def open_to(self, person: Visitor, letter: Letter) -> bool:
        return self.may(person) and self.ready(letter)

    def record(self, letter: Letter, given: dict[str, Any], now: datetime, by: str) -> Letter:
        return self.take(letter=letter, now=now, by=by, **given)


def _becomes(state: str) -> Callable[[Letter], bool]:
    return lambda letter: letter.may_become(state)


def _lacks_scan(letter: Letter) -> bool:
    return letter.state in (State.ISSUED, State.ANSWERED) and not letter.scan


STEPS = {
    step.name: step
    for step in (
        Step(
            "for_signature",
            _("Send for signature"),
            _("From here on it is printed without the stamp of a draft. Nothing is signed here."),
            NothingForm,
            may_draft_letters,
            _becomes(State.FOR_SIGNATURE),
            send_for_signature,
        ),
        Step(
            "issue",
            _("Enter number and date"),
            _("What was signed, numbered and dated on paper is entered once and stays."),
            IssueForm,
            may_issue_letters,
            _becomes(State.ISSUED),
            issue_letter,
        ),
        Step(
            "scan",
            _("Keep the signed scan"),
            _("The letter as it was signed and sealed."),
            ScanForm,
            may_issue_letters,
            _lacks_scan,
            keep_scan,
        ),
        Step(
            "answer",
            _("Record that the answer came"),
            _("The answer is no longer waited for."),
            AnswerForm,
            may_issue_letters,
            _becomes(State.ANSWERED),
            record_answer,
        ),
        Step(
            "withdraw",
            _("Withdraw the letter"),
            _("It stays in the register with the reason, and goes nowhere."),
            WithdrawForm,
            may_draft_letters,
            _becomes(State.WITHDRAWN),
            withdraw_letter,
        ),
    )
}
