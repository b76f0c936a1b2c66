"""Write everything the registers and the ledger hold as a plan file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tracking.management.commands._doors import Door
from tracking.plan_files.export import export_plan


class Command(Door):
    help = "Exports departments, partners, plans, documents, calendar, tasks and events."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a name that ends in .json or .xlsx")
        parser.add_argument("--plan", action="append", default=[], metavar="CODE")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        data = self.attempt(lambda: export_plan(path.name, plans=options["plan"]))
        self.attempt(lambda: path.write_bytes(data))
        self.stdout.write(_("%(file)s: %(size)d bytes.") % {"file": path, "size": len(data)})
