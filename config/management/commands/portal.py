"""The one command: set up, print the progress list, serve until Ctrl-C."""

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connections

from config import demonstration, processes
from config.supervisor import FailedToStart, Supervisor
from databases.partners.roster import LABEL_EN


class Command(BaseCommand):
    help = "Set up, print the progress list of 18 November 2025, then serve until Ctrl-C."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--demo", action="store_true", help="do everything but serve")
        parser.add_argument("--port", type=int, default=8000, help="port to serve on (8000)")

    def handle(self, *args: Any, demo: bool = False, port: int = 8000, **options: Any) -> None:
        try:
            if demo:
                self._demonstrate()
            else:
                self._run(port)
        except OperationalError as error:
            raise CommandError(
                f"The database does not answer; is DATABASE_URL right? {error}"
            ) from error
        except KeyboardInterrupt:
            raise SystemExit(130) from None

    def _demonstrate(self) -> None:
        demonstration.prepare(self.stdout.write)
        demonstration.print_list()
        self._tell("Files:", [_short(path) for path in demonstration.write_lists()])

    def _run(self, port: int) -> None:
        if not processes.is_free(port):
            raise CommandError(f"Port {port} is in use: choose another, as in make run PORT=8001.")
        lock = processes.claim(settings.VAR_DIR)
        if lock is None:
            raise CommandError("The portal already runs on this data: stop that one first.")
        with lock:
            self._demonstrate()
            self._serve(port)

    def _serve(self, port: int) -> None:
        partners = demonstration.has_stand_ins()
        taken = processes.taken(demonstration.stand_in_ports()) if partners else []
        mail_waits = settings.HAS_MAILBOX and not processes.is_free(settings.MAILBOX_PORT)
        # From here on this process only watches; it may do so for weeks.
        connections.close_all()
        try:
            children = processes.children(
                port, settings.VAR_DIR, partners=partners, mailbox=settings.HAS_MAILBOX
            )
            with Supervisor(children, say=self.stderr.write) as supervisor:
                supervisor.wait_until(lambda: processes.answers(port))
                if not supervisor.is_ending:
                    if partners:
                        self._tell(f"To probe ({LABEL_EN}):", demonstration.stand_ins(taken))
                    self._tell_address(port, mail_waits=mail_waits)
                supervisor.watch()
                self.stdout.write("Ending.")
        except FailedToStart as error:
            raise CommandError(str(error)) from error

    def _tell_address(self, port: int, *, mail_waits: bool) -> None:
        if accounts := demonstration.accounts():
            password = f"password of them all: {demonstration.password()}"
            lines = [f"{name:<16} {role}" for name, role in accounts]
            self._tell("Demonstration accounts:", [*lines, password])
        if settings.HAS_MAILBOX:
            self._tell("Mail:", demonstration.mailbox(port, waits=mail_waits))
        self._tell("The portal:", [f"http://{processes.HOST}:{port}/", "Ctrl-C ends it."])
        self.stdout.flush()

    def _tell(self, title: str, lines: list[str]) -> None:
        self.stdout.write("\n".join([title, *(f"  {line}" for line in lines)]))


def _short(path: Path) -> str:
    return os.path.relpath(path, Path.cwd())
