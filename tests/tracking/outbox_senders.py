"""Senders in processes of their own, which a test may kill, freeze and double.

    echo 30 0 | python -m tests.tracking.outbox_senders

Each line on standard input starts one: the seconds of its lease, and the line of tracking.mail at
which it kills itself, counted as they run. Django is set up once and the senders are forked from
it, so that a test waits for none of them.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import django

from tests.killing import Countdown
from tests.processes import ROOT, environment


class Senders:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def start(self, lease: float = 30, kill_at: int = 0) -> int:
        """Its process id."""
        assert self.process.stdin
        self.process.stdin.write(f"{lease} {kill_at}\n")
        self.process.stdin.flush()
        return int(self._said("started"))

    def end(self) -> str:
        """How the one that ends next ended: the tally, or the kind of the error."""
        return self._said("ended")

    def lines(self, kill_at: int) -> int | None:
        """How many it ran to its end; None: it was killed at that one."""
        self.start(kill_at=kill_at)
        said = self._said("ended", "gone")
        if said:
            self._said("gone")
        return int(said) if said else None

    def _said(self, *what: str) -> str:
        assert self.process.stdout
        word, _, rest = self.process.stdout.readline().partition(" ")
        assert word.strip() in what
        return rest.strip()


class MailCountdown(Countdown):
    """Counts what the sender runs of its own."""

    def start(self, frame: FrameType, event: str, argument: object) -> Any:
        return self.line if "/tracking/mail/" in frame.f_code.co_filename else None


@contextmanager
def senders(url: str, folder: Path, port: int) -> Iterator[Senders]:
    """On this database, sending to the server at this port."""
    more = {"DJANGO_SETTINGS_MODULE": "config.settings", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    with (folder / "senders.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.tracking.outbox_senders"],
            cwd=ROOT,
            env=environment(url, folder, **more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
        )
    try:
        yield Senders(process)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def main() -> None:
    django.setup()
    for line in sys.stdin:
        lease, kill_at = line.split()
        child = os.fork()
        if not child:
            _say(f"started {os.getpid()}")
            _send(float(lease), int(kill_at))
            os._exit(0)
        if int(kill_at):
            os.waitpid(child, 0)
            _say("gone")


def _send(lease: float, kill_at: int) -> None:
    from django.conf import settings

    from tracking.mail.sender import deliver

    settings.MAIL_LEASE_SECONDS = lease
    countdown = MailCountdown(kill_at)
    if kill_at:
        sys.settrace(countdown.start)
    try:
        tally = deliver(until=lambda: False)
        sys.settrace(None)
        _say(f"ended {countdown.lines if kill_at else tally}")
    except Exception as error:
        _say(f"ended {type(error).__name__}")
        raise


def _say(line: str) -> None:
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    main()
