"""Zones and endpoints as a file: print the difference, apply it, write it."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from databases.actions.endpoint_files import Difference, apply_file, export_file
from databases.register_files.endpoints_file import read_file
from databases.register_files.endpoints_rows import Change
from databases.register_files.endpoints_secrets import hidden
from tracking.management.commands._doors import Door

_LONGEST = 80  # characters of a value on a line


class Command(Door):
    help = "Zones and endpoints as YAML: plan FILE, apply FILE, export [FILE]."

    def add_arguments(self, parser: ArgumentParser) -> None:
        steps = parser.add_subparsers(dest="step", required=True, metavar="plan|apply|export")
        plan = steps.add_parser("plan", help="print what applying the file would change")
        apply = steps.add_parser("apply", help="change it: all of the file, or nothing")
        for step in (plan, apply):
            step.add_argument("file", type=Path)
            step.add_argument(
                "--pause-absent", action="store_true", help="pause endpoints not in the file"
            )
        apply.add_argument("--by", default="command", metavar="ACCOUNT", help="who does it")
        export = steps.add_parser("export", help="write the register; planned, nothing differs")
        export.add_argument("file", type=Path, nargs="?", help="standard output without one")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["step"] == "export":
            self._export(options["file"])
            return
        dry_run = options["step"] == "plan"
        file = self.attempt(lambda: read_file(options["file"]))
        difference = self.attempt(
            lambda: apply_file(
                file=file,
                now=timezone.now(),
                by=options.get("by") or "plan",
                dry_run=dry_run,
                pause_absent=options["pause_absent"],
            )
        )
        for line in _lines(difference):
            self.stdout.write(line)
        self.stdout.write(_summary(difference, dry_run=dry_run))

    def _export(self, path: Path | None) -> None:
        self.check_writable(path)
        data = self.attempt(lambda: export_file(timezone.now()))
        self.hand_over(data, path)
        if path is not None:
            self.stdout.write(_("%(file)s: %(size)d bytes.") % {"file": path, "size": len(data)})


def _lines(difference: Difference) -> Iterator[str]:
    yield from (f"+ {subject}" for subject in difference.added)
    for subject in difference.proposed:
        yield f"+ {subject}: " + _("proposed, another person approves it in the admin")
    for change in difference.changed:
        yield f"~ {change.subject}"
        yield from _fields(change)
    yield from (f"= {subject}: " + _("not in the file, paused") for subject in difference.paused)
    yield from (f"? {subject}: " + _("not in the file") for subject in difference.absent)


def _fields(change: Change) -> Iterator[str]:
    for name, old, new in change.fields:
        path = tuple(name.split(".")[1:])
        yield f"    {name}: {_shown(hidden(old, path))} → {_shown(hidden(new, path))}"


def _shown(value: Any) -> str:
    if value is None:
        return _("none")
    told = (
        value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    )
    text = " ".join(told.split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def _summary(difference: Difference, *, dry_run: bool) -> str:
    if difference.nothing:
        return _("No difference.")
    counted = _(
        "%(added)d added, %(changed)d changed, %(paused)d paused, %(absent)d not in the file."
    )
    said = counted % {
        "added": len(difference.added) + len(difference.proposed),
        "changed": len(difference.changed),
        "paused": len(difference.paused),
        "absent": len(difference.absent),
    }
    return f"{said} " + _("Nothing was written: this was a plan.") if dry_run else said
