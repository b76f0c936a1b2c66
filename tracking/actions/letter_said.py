"""What is asked of a letter, and what its fields are filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.refusals import Refused
from tracking.models import Department, Letter, Meeting, Partner, ProgressList, Task
from tracking.renderers import letter_words as say
from tracking.renderers.words import list_number_text
from tracking.rules.instants import day_of
from tracking.rules.letters import Passages


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants a letter of."""

    kind: str
    now: datetime
    progress_list: ProgressList | None = None
    department: Department | None = None
    partner: Partner | None = None
    tasks: Sequence[Task] = ()
    meeting: Meeting | None = None
    answer_due_on: date | None = None

    @property
    def as_of(self) -> date:
        """The day of the list that is cited, or today."""
        return self.progress_list.as_of if self.progress_list else day_of(self.now)


@dataclass(frozen=True, slots=True)
class Said:
    """`values` of the inline fields, `blocks` of the others; `codes` of the tasks that it is about;
    `annexed`: the issued list that is its annex, and `printed` the tasks that stand there."""

    values: Mapping[str, str]
    blocks: Mapping[str, Passages] = field(default_factory=dict)
    codes: Sequence[str] = ()
    annex: Mapping[str, Any] | None = None
    annexed: ProgressList | None = None
    printed: Sequence[str] = ()


def dated_text(day: date | None) -> str:
    return f"{day:%d/%m/%Y}" if day else ""


def reference_to(issued: ProgressList | None) -> str:
    """The list by its number, and by that of its document once the clerk has entered it."""
    if issued is None:
        return ""
    reference = say.REFERENCE.format(number=list_number_text(issued.number))
    registered = getattr(issued, "registration", None)
    if registered is None:
        return reference
    day = dated_text(registered.dated)
    return say.REGISTERED.format(reference=reference, symbol=registered.number, day=day)


def of_list(issued: ProgressList | None) -> dict[str, str]:
    """The fields about the list, empty without one."""
    return {
        "list_number": list_number_text(issued.number) if issued else "",
        "list_reference": reference_to(issued),
    }


def earlier_text(letters: Sequence[Letter]) -> str:
    """ "văn bản số 934/TTYQG-DA ngày 01/11/2025 (chưa có trả lời); …"."""
    return "; ".join(
        say.EARLIER.format(number=it.number, day=dated_text(it.dated), answer=_answer(it))
        for it in letters
    )


def _answer(letter: Letter) -> str:
    if letter.answered_on:
        return say.ANSWERED.format(day=dated_text(letter.answered_on))
    return say.UNANSWERED if letter.answer_due_on else say.NO_ANSWER_ASKED


def needed(value: Any, what: Any) -> Any:
    """Refused without what the kind of letter is about."""
    if value is None:
        raise Refused([_("%(what)s is missing: choose one") % {"what": what}])
    return value
