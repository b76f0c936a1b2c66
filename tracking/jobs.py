"""Celery's doors: each calls one action."""

import logging
from mmap import mmap
from time import monotonic
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.utils import timezone

from tracking.actions.due import send_due_by_schedule
from tracking.actions.projection import differences
from tracking.actions.watch import look

_log = logging.getLogger(__name__)

_SENDING = 45.0  # seconds of the minute until the next one comes

# When this worker woke: one that has just begun does not call others silent.
_awake_since = timezone.now()
# Shared with the processes that the worker forks: only the worker hears the signal.
_ending = mmap(-1, 1)


@worker_shutting_down.connect
def _end(**_: Any) -> None:
    """What is not sent yet stays in the outbox, rather than have the worker wait for it."""
    _ending[0] = 1


@shared_task(expires=3600)
def check_projection(**_: object) -> None:
    """Say so when the stored projection is not what the ledger says."""
    for code in differences():
        _log.error("%s: the projection differs from the ledger; run rebuild_tasks", code)


@shared_task(expires=50)
def send_due(**_: object) -> None:
    """Every report and reminder due now; the mail for as long as the minute lasts."""
    end = monotonic() + _SENDING
    send_due_by_schedule(now=timezone.now(), until=lambda: bool(_ending[0]) or monotonic() > end)


@shared_task(expires=50)
def watch(**_: object) -> None:
    """Look at what else should be at work; the watch in turn looks at this one."""
    look(now=timezone.now(), awake_since=_awake_since)
