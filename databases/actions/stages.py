"""The only writer of declared stages."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import Connection, StageChange
from databases.rules.stage import Stage
from tracking.actions.refusals import Refused
from tracking.models.pen import take_the_pen


@transaction.atomic
def declare_stage(
    *,
    connection: Connection,
    stage: Stage,
    effective_on: date,
    now: datetime,
    by: str,
    note: str = "",
) -> StageChange:
    """Append a declaration to the history of the connection. Refused when the stage speaks of
    several interfaces and fewer than two are in the register: no list could be issued."""
    take_the_pen()
    interfaces = connection.interfaces.count()
    if stage is Stage.UPGRADING_INTERFACES and interfaces < 2:
        raise Refused(
            [
                _(
                    "%(connection)s has %(count)d interface(s) in the register: add the "
                    "interfaces first, or declare another stage"
                )
                % {"connection": connection.code, "count": interfaces}
            ]
        )
    return StageChange.objects.create(
        connection=connection,
        stage=stage,
        effective_on=effective_on,
        recorded_at=now,
        actor=by,
        note=note,
    )
