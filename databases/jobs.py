"""Celery's doors to the probes. Celery is the doorbell: what is due stands in the database."""

import logging
from functools import cache
from mmap import mmap
from threading import get_ident
from time import monotonic
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.utils import timezone

from databases.actions.upkeep import do_chores
from databases.pump.claim import database_clock
from databases.pump.configuration import Configuration
from databases.pump.names import pump_name
from databases.pump.room import make_room
from databases.pump.run import Pump
from databases.pump.signs import pumps_alive

_log = logging.getLogger(__name__)

_PATIENCE = 45.0  # seconds; with PUMP_JOB_SECONDS less than the job's own limit

# Shared with the processes that the worker forks, where its pumps run: only the worker hears the
# signal.
_ending = mmap(-1, 1)


@worker_shutting_down.connect
def _end(**_: Any) -> None:
    """The worker's pumps give back what they hold, rather than have it wait for them."""
    _ending[0] = 1


_make_room = cache(make_room)  # once a process


@cache
def _configuration(thread: int) -> Configuration:
    """What a thread's pumps remember from one kick to the next: reading it anew takes seconds."""
    return Configuration()


@shared_task(expires=15)
def chores(**_: Any) -> None:
    """What is due of the upkeep of states, contradictions, sums and partitions."""
    do_chores(timezone.now())


@shared_task(expires=4, acks_late=False, soft_time_limit=100, time_limit=110)
def pump(**_: Any) -> None:
    """Probe what is due for a while, unless enough pumps are at work already."""
    if pumps_alive(database_clock()) >= settings.PUMPS_MOST:
        return
    _make_room()
    end = monotonic() + settings.PUMP_JOB_SECONDS
    kept = _configuration(get_ident())
    own = Pump(name=pump_name("celery"), said=_log.warning, configuration=kept)
    # An attempt that waits for its whole time-out is waited for, or it would never be told.
    own.run(
        until=lambda: bool(_ending[0]) or monotonic() > end,
        patience=_PATIENCE,
        hurry=lambda: bool(_ending[0]),
    )
