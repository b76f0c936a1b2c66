"""The operators' pages of the databases and their probes; importing a module registers it."""

from databases.admin import (
    contradictions,
    credentials,
    endpoints,
    evidence,
    maintenance,
    observed,
    outages,
    register,
    zones,
)

__all__ = [
    "contradictions",
    "credentials",
    "endpoints",
    "evidence",
    "maintenance",
    "observed",
    "outages",
    "register",
    "zones",
]
