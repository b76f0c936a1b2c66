"""What does the register say of a connection, for the rules that judge it?"""

from datetime import datetime

from databases.models.connection import Connection
from databases.models.endpoint import Endpoint
from databases.models.step import StepRecord
from databases.rules.steps import Facts, Taken, latest
from databases.rules.track import State

_ANSWERS = {State.UP, State.DEGRADED}


def taken_steps(connection: Connection, at: datetime) -> dict[str, Taken]:
    """Step -> its latest record known at that instant; one query."""
    records = StepRecord.objects.filter(connection=connection).visible(at=at, known_at=at)
    return latest((record.step, Taken(record.done_on, record.expires_on)) for record in records)


def facts_of(connection: Connection, at: datetime) -> Facts:
    """Three queries. The connection comes with its database."""
    interfaces = dict(connection.interfaces.values_list("pk", "code"))
    probing = Endpoint.objects.filter(interface__connection=connection, paused=False)
    probed = list(probing.values_list("interface", "code", "seen__state"))
    probed_interfaces = {interface for interface, _code, _state in probed}
    return Facts(
        taken=taken_steps(connection, at),
        security_level=connection.database.security_level,
        interfaces=len(interfaces),
        unprobed=tuple(code for pk, code in interfaces.items() if pk not in probed_interfaces),
        silent=tuple(code for _interface, code, state in probed if state not in _ANSWERS),
    )
