"""The pump without Celery: the embedded default, and a stand-by beside the workers."""

import logging
import signal
import threading
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.db import Error as DatabaseFault, connection
from django.utils import timezone

from databases.actions.upkeep import do_chores
from databases.pump.names import pump_name
from databases.pump.room import make_room
from databases.pump.run import Pump
from tracking.management.commands._doors import Door

_log = logging.getLogger(__name__)
_CHORES_EVERY = 5.0  # seconds


class Command(Door):
    help = "Probes what is due, and does the chores of upkeep, until Ctrl-C or SIGTERM."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--no-chores", action="store_true", help="only probe; others do the upkeep"
        )
        parser.add_argument("--seconds", type=float, help="end after so many seconds")

    def handle(self, *args: Any, **options: Any) -> None:
        ending = threading.Event()

        def end(number: int, frame: FrameType | None) -> None:
            ending.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        if options["seconds"]:
            timer = threading.Timer(options["seconds"], ending.set)
            timer.daemon = True
            timer.start()
        chores = threading.Thread(target=_keep_up, args=[ending], name="chores")
        if not options["no_chores"]:
            chores.start()
        make_room()
        _log.info("The pump is at work.")
        try:
            Pump(name=pump_name("pump"), said=_log.warning).run(until=ending.is_set)
        finally:
            ending.set()
            if chores.is_alive():
                chores.join(30)


def _keep_up(ending: threading.Event) -> None:
    """Chores, in a thread of their own: a long one delays no probe."""
    while not ending.is_set():
        try:
            do_chores(timezone.now())
        except DatabaseFault as error:
            _log.warning("The chores wait for the database: %s", str(error).strip()[:200])
            connection.close()
        ending.wait(_CHORES_EVERY)
    connection.close()
