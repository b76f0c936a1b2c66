"""The only writer of declared stages."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import Connection, StageChange
from databases.rules.stage import Stage
from tracking.actions.ledger import last_knowledge
from tracking.actions.refusals import Refused
from tracking.models import Document
from tracking.models.pen import take_the_pen
from tracking.rules.instants import MICROSECOND


@transaction.atomic
def declare_stage(
    *,
    connection: Connection,
    stage: Stage,
    effective_on: date,
    now: datetime,
    by: str,
    note: str = "",
    document: Document | None = None,
) -> StageChange:
    """Append a declaration to the history of the connection. Refused when the stage speaks of
    several interfaces and fewer than two are in the register: no list could be issued."""
    take_the_pen()
    if faults := stage_faults(connection, stage):
        raise Refused(faults)
    return StageChange.objects.create(
        connection=connection,
        stage=stage,
        effective_on=effective_on,
        recorded_at=after_the_lists(now),
        actor=by,
        note=note.strip(),
        document=document,
    )


def stage_faults(connection: Connection, stage: Stage) -> list[str]:
    """Why the stage cannot be declared of the connection."""
    if stage is not Stage.UPGRADING_INTERFACES:
        return []
    interfaces = connection.interfaces.count()
    if interfaces >= 2:
        return []
    sentence = _(
        "%(connection)s has %(count)d interface(s) in the register: add the interfaces first, or "
        "declare another stage"
    )
    return [sentence % {"connection": connection.code, "count": interfaces}]


def after_the_lists(now: datetime) -> datetime:
    """When something is recorded now: after the knowledge of every issued list, for a list may have
    been issued while a form was on its way. The caller holds the pen."""
    issued = last_knowledge()
    return issued + MICROSECOND if issued and now <= issued else now
