"""Freeze and number a progress list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.progress_lists import issue
from tracking.management.commands._doors import Door, add_scope_arguments, scope_from
from tracking.models import ProgressList
from tracking.renderers import FORMATS, render


class Command(Door):
    help = "Issues the progress list for a day: frozen, numbered, chained to the one before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_scope_arguments(parser)
        parser.add_argument("--supersedes", type=int, metavar="N")
        parser.add_argument("--reason", default="")
        parser.add_argument("--format", choices=FORMATS, help="print the list too, or write it")
        parser.add_argument("--language", choices=("vi", "en"), default="vi")
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["supersedes"] and options["as_of"] is None:
            # Without a day, the correction is of the day of the list that it corrects.
            older = ProgressList.objects.filter(number=options["supersedes"]).first()
            options["as_of"] = older.as_of if older else None
        scope = scope_from(options)
        self.check_writable(options["output"])
        issued, new = self.attempt(
            lambda: issue(
                scope,
                now=timezone.now(),
                by="command",
                supersedes=options["supersedes"],
                reason=options["reason"],
            )
        )
        sentence = (
            _("List %(number)d is issued, as of %(day)s, SHA-256 %(hash)s.")
            if new
            else _(
                "List %(number)d was issued for %(day)s already, SHA-256 %(hash)s; nothing new was "
                "issued. To correct it, give --supersedes %(number)d and --reason."
            )
        )
        day = issued.as_of.strftime("%d/%m/%Y")
        told = sentence % {"number": issued.number, "day": day, "hash": issued.sha256}
        if options["output"] is None and options["format"] is None:
            self.stdout.write(told)
            return
        # The list goes where it was asked to go; what happened is told beside it.
        self.stderr.write(told)
        kind: str = options["format"] or "text"
        data = render(issued.as_content(), format=kind, language=options["language"])
        self.hand_over(data, options["output"])
