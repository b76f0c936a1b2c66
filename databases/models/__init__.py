"""The public names of the models."""

from databases.models.check import Check, Transition
from databases.models.connection import Connection, Interface, StageChange
from databases.models.contradiction import Contradiction, ContradictionEntry
from databases.models.credential import Credential
from databases.models.database import CounterpartSystem, Database
from databases.models.endpoint import Endpoint, EndpointState
from databases.models.endpoint_change import EndpointChange
from databases.models.evidence_rule import EvidenceDecision, EvidenceProposal, EvidenceRule
from databases.models.heartbeat import HeartbeatReport
from databases.models.outage import Maintenance, Outage, OutageEntry
from databases.models.party import Party
from databases.models.probe_request import ProbeRequest
from databases.models.rollup import DayRollup, HourRollup
from databases.models.step import StepRecord
from databases.models.upkeep import PumpSign, Upkeep
from databases.models.worst_day import WorstDay
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
    "EndpointChange",
    "EndpointState",
    "EvidenceDecision",
    "EvidenceProposal",
    "EvidenceRule",
    "HeartbeatReport",
    "HourRollup",
    "Interface",
    "Maintenance",
    "Outage",
    "OutageEntry",
    "Party",
    "ProbeRequest",
    "PumpSign",
    "StageChange",
    "StepRecord",
    "Transition",
    "Upkeep",
    "WorstDay",
    "Zone",
    "ZoneNetwork",
]
