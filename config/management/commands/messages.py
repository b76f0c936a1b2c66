"""Compile the Vietnamese catalogue; `--add` what it lacks, or `--check` that it lacks nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config import catalogue

FILE = Path("vi") / "LC_MESSAGES" / "django.po"


class Command(BaseCommand):
    help = "Compile the Vietnamese catalogue, or check it, or add the messages it lacks."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--check", action="store_true", help="exit 1 when one is untranslated")
        choice.add_argument(
            "--add", action="store_true", help="append what is missing, untranslated"
        )

    def handle(self, *args: Any, check: bool = False, add: bool = False, **options: Any) -> None:
        path = Path(settings.LOCALE_PATHS[0]) / FILE
        words = catalogue.read(path)
        if check:
            self._check(catalogue.faults(settings.BASE_DIR, words))
            return
        if add:
            lacking = catalogue.missing(settings.BASE_DIR, words)
            catalogue.add(words, lacking)
            path.parent.mkdir(parents=True, exist_ok=True)
            words.save(str(path))
            self.stdout.write(f"Added {len(lacking)} messages to the Vietnamese catalogue.")
        if catalogue.compile_catalogue(path):
            self.stdout.write(f"Compiled {len(words)} messages.")

    def _check(self, told: list[str]) -> None:
        for sentence in told:
            self.stderr.write(sentence)
        if told:
            raise CommandError(
                f"{len(told)} faults in the Vietnamese catalogue: "
                "run `make messages`, then translate what is empty."
            )
        self.stdout.write("Every message has its Vietnamese translation.")
