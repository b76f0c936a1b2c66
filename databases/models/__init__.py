"""The public names of the models."""

from databases.models.connection import Connection, Interface, StageChange
from databases.models.database import CounterpartSystem, Database

__all__ = ["Connection", "CounterpartSystem", "Database", "Interface", "StageChange"]
