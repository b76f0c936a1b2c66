"""Compute a progress list and print it; nothing is stored."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from tracking.actions.progress_lists import draft
from tracking.management.commands._doors import Door, add_scope_arguments, scope_from
from tracking.renderers import FORMATS, render


class Command(Door):
    help = "Prints the progress list for a day, as known at an instant, in one of six formats."

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_scope_arguments(parser)
        parser.add_argument("--format", choices=FORMATS, default="text")
        parser.add_argument("--language", choices=("vi", "en"), default="vi")
        parser.add_argument("--output", type=Path, metavar="FILE")

    def handle(self, *args: Any, **options: Any) -> None:
        content = self.attempt(lambda: draft(scope_from(options)))
        output: Path | None = options["output"]
        data = render(
            content,
            format=options["format"],
            language=options["language"],
            terminal=output is None and sys.stdout.isatty(),
        )
        self.hand_over(data, output)
