"""What if the database is away while a message is on its way?"""

from collections.abc import Callable
from contextlib import nullcontext
from time import monotonic, sleep
from typing import TypeVar

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction

T = TypeVar("T")
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 5.0  # seconds


def patiently(act: Callable[[], T], *, one_statement: bool = False) -> T:
    """In one transaction; what is one statement is one by itself. A database that is away is waited
    for, since what the server took is known to nobody else; after half a lease it is left to those
    who find the lease ended."""
    deadline = monotonic() + settings.MAIL_LEASE_SECONDS / 2
    pause = _FIRST_PAUSE
    while True:
        try:
            with nullcontext() if one_statement else transaction.atomic():
                return act()
        except (OperationalError, InterfaceError):
            if monotonic() + pause > deadline:
                raise
            if not connection.in_atomic_block:
                connection.close()
            sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
