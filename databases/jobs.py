"""Celery's doors to the probes. Celery is the doorbell: what is due stands in the database."""

import logging
from threading import Event
from time import monotonic
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.utils import timezone

from databases.actions.upkeep import do_chores
from databases.pump.claim import database_clock
from databases.pump.names import pump_name
from databases.pump.run import Pump
from databases.pump.signs import pumps_alive

_log = logging.getLogger(__name__)

WORK = 50.0  # seconds that a kicked pump claims
_ending = Event()


@worker_shutting_down.connect
def _end(**_: Any) -> None:
    """Pumps of this process give back what they hold, rather than have the worker wait for them."""
    _ending.set()


@shared_task(expires=15)
def chores(**_: Any) -> None:
    """What is due of the upkeep of states, contradictions, sums and partitions."""
    do_chores(timezone.now())


@shared_task(expires=4, acks_late=False, soft_time_limit=100, time_limit=110)
def pump(**_: Any) -> None:
    """Probe what is due for a while, unless enough pumps are at work already."""
    if pumps_alive(database_clock()) >= settings.PUMPS_MOST:
        return
    end = monotonic() + WORK
    own = Pump(name=pump_name("celery"), said=_log.warning)
    own.run(until=lambda: _ending.is_set() or monotonic() > end)
