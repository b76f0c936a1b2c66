"""Take a register file in, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from databases.actions.register_import import import_register
from databases.register_files.register_layout import REGISTER
from tracking.management.commands._doors import Door
from tracking.plan_files.reading import read_file


class Command(Door):
    help = "Imports databases and connections from .json or .xlsx: all of it, or every fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        dry_run: bool = options["dry_run"]
        changes = self.attempt(
            lambda: import_register(
                read_file(path.name, path, REGISTER),
                now=timezone.now(),
                by="import",
                dry_run=dry_run,
            )
        )
        for sentence in changes.added:
            self.stdout.write(f"+ {sentence}")
        for sentence in changes.changed:
            self.stdout.write(f"~ {sentence}")
        summary = _("%(added)d rows added, %(changed)d changed.") % {
            "added": len(changes.added),
            "changed": len(changes.changed),
        }
        if dry_run:
            summary += " " + _("Nothing was written: this was a dry run.")
        self.stdout.write(summary)
