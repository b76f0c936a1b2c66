"""The dead man's switch: a small loop that looks at what should be at work."""

import logging
import signal
import threading
from argparse import ArgumentParser
from datetime import UTC, datetime
from types import FrameType
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from tracking.actions.faults import WATCH
from tracking.actions.watch import look
from tracking.management.commands._doors import Door
from tracking.models import Pulse

_EVERY = 30.0  # seconds
_log = logging.getLogger("config.watch")


class Command(Door):
    help = (
        "Looks every half a minute whether reports are out, mail leaves and processes are at work, "
        "and tells operators by the other way if not, until Ctrl-C or SIGTERM."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--once", action="store_true", help="one look, and what stands open")
        what.add_argument(
            "--retire", action="store_true", help="no watch is wanted any more: do not miss it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retire"]:
            Pulse.objects.filter(name=WATCH).delete()
            self.stdout.write(_("The watch is not missed until it is started again."))
        elif options["once"]:
            self._once()
        else:
            self.stdout.write(_("The watch is at work."))
            self.stdout.flush()
            _until_ended()

    def _once(self) -> None:
        """Whoever asks by hand wants what is found to count, however long nobody looked."""
        long_ago = datetime(1970, 1, 1, tzinfo=UTC)
        for alarm in self.attempt(lambda: look(now=timezone.now(), awake_since=long_ago)):
            self.stdout.write(f"{alarm} {alarm.explained}".rstrip())


def _until_ended() -> None:
    ending = threading.Event()

    def end(number: int, frame: FrameType | None) -> None:
        ending.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    awake_since = timezone.now()
    while not ending.is_set():
        now = timezone.now()
        try:
            Pulse.objects.beat(WATCH, now)
            look(now=now, awake_since=awake_since)
        except Exception:
            # A watch that falls with what it watches is none.
            _log.exception("A look failed")
            connection.close()
        ending.wait(_EVERY)
    connection.close()
