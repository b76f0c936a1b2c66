"""The list of tasks in words: a judged task as a row, the names of what can be asked, and what an
address asks."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy

from tracking.models.bilingual import reader_language
from tracking.models.registers import Registers
from tracking.pages.task_words import CANCELLED as CANCELLED_WORD, standing_names
from tracking.renderers.cells import STATUS_FLAGS, TaskWriter, sentence
from tracking.rules.chosen import BREACHED, CANCELLED, ORDERS, Candidate
from tracking.rules.deadline import Reading
from tracking.rules.departments import printed_under
from tracking.rules.instants import day_of
from tracking.rules.lines import line_of
from tracking.rules.situation import Situation
from tracking.rules.standing import Flag, Judgement, Yardstick
from tracking.tables.task_columns import TaskRow

FLAGS: Mapping[str, Any] = {
    Flag.PENDING: gettext_lazy("submitted in time, awaiting verification"),
    Flag.PENDING_LATE: gettext_lazy("submitted late, awaiting verification"),
    Flag.DUE_SOON: gettext_lazy("due soon"),
    Flag.BLOCKED: gettext_lazy("waiting for another body"),
    Flag.STALE: gettext_lazy("no recent report"),
    Flag.NO_INFORMATION: gettext_lazy("no information on what was handed in"),
    Flag.EXTENDED: gettext_lazy("extended"),
    Flag.EXTENDED_LATE: gettext_lazy("extended when already late"),
    Flag.REDUCED: gettext_lazy("deadline brought forward"),
    Flag.REOPENED: gettext_lazy("reopened after completion"),
    BREACHED: gettext_lazy("has missed a deadline"),
}

_ORDER_NAMES: Mapping[str, Any] = {
    "standing": gettext_lazy("standing, overdue first"),
    "due_on": gettext_lazy("current deadline"),
    "original_due_on": gettext_lazy("original deadline"),
    "late": gettext_lazy("lateness"),
    "code": gettext_lazy("code"),
    "title": gettext_lazy("title"),
    "lead": gettext_lazy("lead department, by name"),
    "protocol": gettext_lazy("lead department, in protocol order"),
    "plan": gettext_lazy("plan"),
    "extensions": gettext_lazy("extensions"),
    "breaches": gettext_lazy("deadlines missed"),
    "submitted_at": gettext_lazy("submission"),
    "reported_on": gettext_lazy("last report"),
}


def standing_choices() -> list[tuple[str, str]]:
    return [*standing_names(reader_language()), (CANCELLED, str(CANCELLED_WORD))]


def flag_names() -> list[tuple[str, str]]:
    return [(str(flag), str(name)) for flag, name in FLAGS.items()]


def order_names() -> list[tuple[str, str]]:
    """Both directions of every order."""
    return [
        option
        for name in ORDERS
        for option in (
            (name, str(_ORDER_NAMES[name])),
            (f"-{name}", _("%(order)s, reversed") % {"order": _ORDER_NAMES[name]}),
        )
    ]


class TaskWords:
    """Puts tasks into the reader's language."""

    def __init__(
        self,
        measure: Yardstick,
        held: Registers,
    ) -> None:
        self.measure = measure
        self.departments = held.facts
        self.language = reader_language()
        self.partners = held.partners
        self.names = held.names
        self.spoken = held.spoken(self.language)
        self.writer = TaskWriter(self.language)
        self._standings = dict(standing_choices())

    def choices_of_bodies(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Departments in protocol order, then partners."""
        groups = ((_("Departments"), self.departments), (_("Partners"), self.partners))
        return [(label, [(code, self.spoken[code]) for code in codes]) for label, codes in groups]

    def row(self, candidate: Candidate) -> TaskRow:
        task, situation = candidate.task, candidate.task.situation
        under = printed_under(situation.lead, self.departments, self.measure.day)
        line = self._line(candidate, under)
        made, report, heard = situation.submission, situation.report, situation.reported_at
        return TaskRow(
            key=candidate.key,
            code=task.code,
            title=task.title[self.language],
            lead=self.spoken[situation.lead],
            printed_under="" if under == situation.lead else self.spoken[under],
            plan=task.plan,
            required=situation.required,
            standing="out" if candidate.judgement is None else candidate.standing,
            standing_word=self._standings[candidate.standing],
            flags=sentence(self._flags(line)) if line else "",
            extensions=situation.extensions,
            breaches=candidate.breaches,
            submitted_on=day_of(made.at) if made else None,
            waiting=sentence(self.writer.waiting(line)) if line and line["waiting"] else "",
            report=sentence([self.writer.report(report)]) if report else "",
            reported_on=day_of(heard) if heard else None,
            **_deadlines(situation),
            **self._lateness(candidate.judgement),
        )

    def _lateness(self, judged: Judgement | None) -> dict[str, Any]:
        late, working = (judged.late_calendar_days, judged.late_working_days) if judged else (0, 0)
        return {
            "late": self.writer.late(late, working) if late else "",
            "late_calendar_days": late,
            "late_working_days": working,
        }

    def _line(self, candidate: Candidate, under: str) -> dict[str, Any] | None:
        if candidate.judgement is None:
            return None
        return line_of(candidate.task, candidate.judgement, under, self.names, self.measure.day)

    def _flags(self, line: Mapping[str, Any]) -> Iterator[str]:
        for flag in STATUS_FLAGS:
            if flag in line["flags"]:
                yield self.writer.say[flag]
        if Flag.BLOCKED in line["flags"]:
            yield str(FLAGS[Flag.BLOCKED])
        yield from self.writer.history(line)


def _deadlines(situation: Situation) -> dict[str, Any]:
    original, deadline = situation.original, situation.deadline
    return {
        "original_due_on": original.due_on if original else None,
        "due_on": deadline.due_on if deadline else None,
        "before": deadline is not None and deadline.reading is Reading.BEFORE,
        "wording": situation.wording,
    }
