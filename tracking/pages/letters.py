"""What the pages of letters show: one letter with its course, and one that is being drafted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar

from django import forms
from django.utils.translation import gettext as _

from tracking.actions.letters import draft_letter, preview_letter
from tracking.actions.refusals import Refused
from tracking.forms.letters import DraftForm
from tracking.models import CalendarDay, Letter, LetterKind, User
from tracking.models.letter_facts import lines_now, lines_of_list, open_tasks, open_tasks_of
from tracking.pages.letter_steps import STEPS, Step
from tracking.renderers.letter import Printed, printed_of
from tracking.rules.instants import day_of
from tracking.rules.standing import COMPLETED

DAYS_TO_ANSWER = 7
MOST_OFFERED = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StepShown:
    step: Step
    form: Any


def refusals_on(form: forms.Form, call: Callable[[], T]) -> T | None:
    """What the call gives; None when it was refused, and then the form says why."""
    try:
        return call()
    except Refused as refused:
        for sentence in refused.sentences:
            form.add_error(None, sentence[:1].upper() + sentence[1:] + ".")
        return None


class LetterPage:
    """A letter in the register. `bound`: the step whose form was sent and refused, and the form."""

    def __init__(
        self,
        letter: Letter,
        person: User,
        now: datetime,
        bound: tuple[str, Any] | None = None,
    ) -> None:
        self.letter = letter
        self.person = person
        self.now = now
        self._bound = dict([bound] if bound else [])

    @cached_property
    def words(self) -> Printed:
        """As it is on paper now; a list that is its annex is read on its own page."""
        draft = self.letter.printed_as_draft
        return printed_of(
            self.letter.content, None, self.letter.number, self.letter.dated, draft=draft
        )

    @cached_property
    def entries(self) -> Sequence[Any]:
        return list(self.letter.entries.all())

    @property
    def days_late(self) -> int:
        return self.letter.answer_days_late(day_of(self.now))

    @property
    def classified(self) -> list[str]:
        return list(self.letter.content["classified"])

    @cached_property
    def tasks(self) -> Sequence[Any]:
        return list(self.letter.tasks.order_by("code")[:MOST_OFFERED])

    @cached_property
    def steps(self) -> list[StepShown]:
        """Those open to the person, each with its form."""
        return [
            StepShown(step, self._bound.get(step.name) or step.form(prefix=step.name))
            for step in STEPS.values()
            if step.name in self._bound or step.open_to(self.person, self.letter)
        ]


class DraftPage:
    """A letter before it is drafted: what was chosen, what is offered, what it would say."""

    def __init__(
        self, kind: str, form: DraftForm, now: datetime, carried: Sequence[str] = ()
    ) -> None:
        self.kind = LetterKind(kind)
        self.form = form
        # Codes of tasks that the address names before there is anything to offer.
        self.carried = [] if form.is_bound else carried
        self.now = now
        self.preview: Printed | None = None
        self.classified: list[str] = []

    def look(self) -> None:
        """Show the words, where enough was chosen."""
        if not (self.form.is_bound and self.form.is_valid()):
            return
        content = refusals_on(self.form, lambda: preview_letter(self.now, **self._chosen))
        if content is not None:
            self.preview = printed_of(content)
            self.classified = content["classified"]

    def draft(self, by: str) -> Letter | None:
        """The letter; None when it was refused, and then the form says why."""
        if not self.form.is_valid():
            return None
        return refusals_on(self.form, lambda: draft_letter(now=self.now, by=by, **self._chosen))

    @property
    def _chosen(self) -> dict[str, Any]:
        given = {name: value for name, value in self.form.cleaned_data.items() if value}
        return {"kind": self.kind.value, **given, "tasks": list(given.get("tasks", ()))}

    @cached_property
    def given(self) -> list[tuple[str, str]]:
        """What the form that drafts sends along."""
        data: Any = self.form.data
        return [(name, v) for name in self.form.fields for v in data.getlist(name) if v]

    @cached_property
    def offered(self) -> list[tuple[str, str, bool]]:
        """(code, title, chosen) of the open tasks that the letter could be about."""
        if "tasks" not in self.form.fields or not self.form.is_bound:
            return []
        data: Any = self.form.data
        chosen = set(data.getlist("tasks"))
        return [
            (line["code"], line["title"]["vi"], line["code"] in chosen)
            for line in self._open_lines()[:MOST_OFFERED]
        ]

    def _open_lines(self) -> list[dict[str, Any]]:
        cleaned = getattr(self.form, "cleaned_data", {})
        issued, department = cleaned.get("progress_list"), cleaned.get("department")
        partner, chosen = cleaned.get("partner"), list(cleaned.get("tasks") or ())
        if department is None and partner is None:
            return []
        today = day_of(self.now)
        if issued:
            lines = list(lines_of_list(issued.as_content()))
        elif department:
            lines = lines_now(open_tasks_of(department, today), today)
        else:
            lines = lines_now([*open_tasks(today, blocked=True), *chosen], today)
        codes = {task.code for task in chosen}
        return [line for line in lines if _fits(line, department, partner, codes)]

    @property
    def by_default(self) -> str:
        """What the letter is about when none of those offered is chosen."""
        if self.kind == LetterKind.ADVICE:
            return _("None chosen: all that wait for the partner.")
        return _("None chosen: those overdue, or else those not completed.")

    @property
    def answer_day_off(self) -> bool:
        """Whether the answer is asked for by a day on which nobody works."""
        day = getattr(self.form, "cleaned_data", {}).get("answer_due_on")
        return day is not None and not CalendarDay.objects.all().calendar().is_working(day)


def _fits(line: dict[str, Any], department: Any, partner: Any, codes: set[str]) -> bool:
    if line["standing"] in COMPLETED:
        return False
    if department is not None:
        return bool(line["under_code"] == department.code)
    return line["code"] in codes or partner.code in line["waiting_for"]


def answer_day(today: date) -> date:
    """A week from today, or the next working day after it."""
    calendar = CalendarDay.objects.all().calendar()
    return calendar.next_working_day(today + timedelta(days=DAYS_TO_ANSWER))
