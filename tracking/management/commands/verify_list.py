"""Hold issued lists against their hash, their chain and the ledger."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.verification import NotAList, verify, verify_content
from tracking.management.commands._doors import DIFFERENT, Door
from tracking.models import ProgressList


class Command(Door):
    help = "Verifies one issued list, all, or a list in a JSON file; exit 3 on a difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("number", type=int, nargs="?")
        which.add_argument("--all", action="store_true")
        which.add_argument("--file", type=Path, metavar="LIST.json")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            content = self.attempt(lambda: _content(options["file"]))
            found = self._told(str(options["file"]), self.attempt(lambda: verify_content(content)))
        else:
            lists = ProgressList.objects.order_by("number")
            if not options["all"]:
                lists = lists.filter(number=options["number"])
                if not lists:
                    self.end([_("there is no list %d: check the number") % options["number"]], 1)
            results = [self._told(str(one), verify(one)) for one in lists.iterator()]
            found = any(results)
        if found:
            self.end([_("Differences were found.")], DIFFERENT)

    def _told(self, name: str, differences: list[str]) -> bool:
        if not differences:
            self.stdout.write(_("%s: the same.") % name)
        for difference in differences:
            self.stderr.write(f"{name}: {difference}")
        return bool(differences)


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotAList(_("%s: not JSON: give the file that --format json wrote") % path) from error
    if not isinstance(content, dict):
        raise NotAList(_("%s: not a progress list") % path)
    return content
