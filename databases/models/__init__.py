"""The public names of the models."""

from databases.models.check import Check, Transition
from databases.models.connection import Connection, Interface, StageChange
from databases.models.contradiction import Contradiction, ContradictionEntry
from databases.models.credential import Credential
from databases.models.database import CounterpartSystem, Database
from databases.models.endpoint import Endpoint, EndpointState
from databases.models.heartbeat import HeartbeatReport
from databases.models.outage import Maintenance, Outage, OutageEntry
from databases.models.rollup import DayRollup, HourRollup
from databases.models.zone import Zone, ZoneNetwork

__all__ = [
    "Check",
    "Connection",
    "Contradiction",
    "ContradictionEntry",
    "CounterpartSystem",
    "Credential",
    "Database",
    "DayRollup",
    "Endpoint",
    "EndpointState",
    "HeartbeatReport",
    "HourRollup",
    "Interface",
    "Maintenance",
    "Outage",
    "OutageEntry",
    "StageChange",
    "Transition",
    "Zone",
    "ZoneNetwork",
]
