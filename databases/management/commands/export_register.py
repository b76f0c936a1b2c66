"""Write the register of databases as a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from databases.register_files.register_export import export_register
from tracking.management.commands._doors import Door


class Command(Door):
    help = "Exports counterparts, databases, connections, interfaces, stages, steps and parties."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="a name that ends in .json or .xlsx")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        data = self.attempt(lambda: export_register(path.name))
        self.attempt(lambda: path.write_bytes(data))
        self.stdout.write(_("%(file)s: %(size)d bytes.") % {"file": path, "size": len(data)})
