"""Rebuild the projection of the tasks from the ledger, or check it."""

from argparse import ArgumentParser
from typing import Any

from django.utils.translation import gettext as _

from tracking.actions.projection import differences, rebuild
from tracking.management.commands._doors import DIFFERENT, Door


class Command(Door):
    help = "Rebuilds the projection from the ledger; --check only compares, exit 3 if it differs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["check"]:
            self.stdout.write(_("%d tasks rebuilt from the ledger.") % self.attempt(rebuild))
            return
        different = self.attempt(differences)
        if different:
            sentence = _("%s: the projection differs from the ledger: rebuild it")
            self.end([sentence % code for code in different], DIFFERENT)
        self.stdout.write(_("The projection is what the ledger says."))
