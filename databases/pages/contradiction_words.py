"""Contradictions in words: what contradicts what, and who has to act."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from databases.models.contradiction import RULE_NAMES
from databases.models.who_acts import WhoActs
from databases.rules.contradictions import Rule


def rule_name(rule: str) -> str:
    return str(RULE_NAMES[Rule(rule)])


def say_who_acts(rows: Sequence[Any], today: date) -> None:
    """Gives each the name of the body in `acts`."""
    bodies = WhoActs(today, {row.connection_id for row in rows})
    for row in rows:
        row.acts = bodies.of(row.connection, row.party or "").name
