"""The operators' pages of the databases and their probes; importing a module registers it."""

from databases.admin import register

__all__ = ["register"]
