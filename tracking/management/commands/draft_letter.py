"""Draft an official letter."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.letters import draft_letter
from tracking.actions.refusals import Refused
from tracking.management.commands._doors import Door, day
from tracking.models import Department, Letter, LetterKind, Partner, ProgressList
from tracking.pages.letter_files import letter_bytes
from tracking.pages.letters import answer_day
from tracking.renderers.letter import FORMATS
from tracking.rules.instants import day_of

_KINDS = [LetterKind.TO_DEPARTMENT, LetterKind.ADVICE, LetterKind.COVER_REPORT]


class Command(Door):
    help = "Drafts an official letter, enters it in the register and writes it as a document."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--list", type=int, required=True, metavar="N", dest="number")
        parser.add_argument("--department", metavar="CODE", default="")
        parser.add_argument("--partner", metavar="CODE", default="")
        parser.add_argument(
            "--kind",
            choices=[kind.value for kind in _KINDS],
            help="default: to_department with --department, advice with --partner, else "
            "cover_report",
        )
        parser.add_argument(
            "--answer-due-on",
            type=day,
            metavar="DAY",
            help="the day by which an answer is asked for; a department has a week by default",
        )
        parser.add_argument(
            "--output", type=Path, metavar="FILE.docx", help="where to write it: .docx or .pdf"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        output: Path | None = options["output"]
        form = self.attempt(lambda: _form_of(output))
        self.check_writable(output)
        letter = self.attempt(lambda: _drafted(options))
        if output is not None:
            self.hand_over(letter_bytes(letter, form), output)
        self.stdout.write(
            _("Letter %(key)d is drafted: %(subject)s.")
            % {"key": letter.pk, "subject": letter.subject}
        )


def _drafted(options: dict[str, Any]) -> Letter:
    about: dict[str, Any] = {"progress_list": _list(options["number"])}
    if options["department"]:
        about["department"] = _coded(Department, options["department"])
    if options["partner"]:
        about["partner"] = _coded(Partner, options["partner"])
    now, kind = timezone.now(), options["kind"] or _kind_of(about)
    due: date | None = options["answer_due_on"]
    if due is None and kind == LetterKind.TO_DEPARTMENT:
        due = answer_day(day_of(now))
    return draft_letter(kind=kind, now=now, by="command", answer_due_on=due, **about)


def _kind_of(about: dict[str, Any]) -> str:
    if "department" in about:
        return LetterKind.TO_DEPARTMENT
    return LetterKind.ADVICE if "partner" in about else LetterKind.COVER_REPORT


def _list(number: int) -> ProgressList:
    issued = ProgressList.objects.filter(number=number).first()
    if issued is None:
        raise Refused([_("there is no list %d: check the number") % number])
    return issued


def _coded(model: Any, code: str) -> Any:
    row = model.objects.filter(code=code).first()
    if row is None:
        known = ", ".join(model.objects.order_by("code").values_list("code", flat=True))
        raise Refused(
            [
                _('there is no %(what)s with the code "%(code)s": the codes are %(known)s')
                % {"what": model._meta.verbose_name, "code": code, "known": known or "—"}
            ]
        )
    return row


def _form_of(output: Path | None) -> str:
    if output is None:
        return FORMATS[0]
    form = output.suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise Refused(
            [
                _("%(file)s ends neither in .docx nor in .pdf: give one of the two")
                % {"file": output}
            ]
        )
    return form
