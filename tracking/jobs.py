"""Celery's doors: each calls one action."""

import logging

from celery import shared_task

from tracking.actions.projection import differences

_log = logging.getLogger(__name__)


@shared_task(expires=3600)
def check_projection(**_: object) -> None:
    """Say so when the stored projection is not what the ledger says."""
    for code in differences():
        _log.error("%s: the projection differs from the ledger; run rebuild_tasks", code)
