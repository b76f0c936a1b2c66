"""Take a plan file in, all or nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.changes import Changes
from tracking.actions.plan_import import import_plan
from tracking.management.commands._doors import Door
from tracking.plan_files.reading import read_plan


class Command(Door):
    help = "Imports a plan from a .json or .xlsx file: all of it, or nothing and every fault."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        dry_run: bool = options["dry_run"]
        changes = self.attempt(
            lambda: import_plan(
                read_plan(path.name, path), now=timezone.now(), by="import", dry_run=dry_run
            )
        )
        self._say(changes, dry_run)

    def _say(self, changes: Changes, dry_run: bool) -> None:
        for sentence in changes.added:
            self.stdout.write(f"+ {sentence}")
        for sentence in changes.changed:
            self.stdout.write(f"~ {sentence}")
        summary = _("%(added)d rows added, %(changed)d changed, %(events)d events recorded.") % {
            "added": len(changes.added),
            "changed": len(changes.changed),
            "events": changes.events,
        }
        if dry_run:
            summary += " " + _("Nothing was written: this was a dry run.")
        self.stdout.write(summary)
