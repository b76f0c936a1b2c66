"""What would mark a department by a day to come, and what takes each task out of its reasons?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from tracking.rules.progress_list import Policy

Row = Mapping[str, Any]


class Way(StrEnum):
    """What has to happen so that a task no longer marks its department."""

    SUBMIT = "submit"  # by the last day in time, if it has one
    SUBMIT_AND_ACCEPT = "submit_and_accept"  # the deadline has passed
    ACCEPT = "accept"  # a submission awaits verification
    DECIDE = "decide"  # an extension is asked for
    EXTEND = "extend"  # a later deadline is asked for and granted


@dataclass(frozen=True, slots=True)
class Reason:
    """A task that would mark its department; `newly`: it is no reason yet. `until`: the last day
    on which submitting alone is enough, if there is one."""

    line: Row
    newly: bool
    ways: tuple[Way, ...]
    until: date | None


@dataclass(frozen=True, slots=True)
class Marked:
    """A department of the forecast that would be marked; `newly`: it is not marked yet."""

    department: Row
    newly: bool
    reasons: tuple[Reason, ...]


def marked_then(now: Row, then: Row, today: date) -> tuple[Marked, ...]:
    """From the list as it would be today and as it would be on that day, if nothing is recorded
    in between: those newly marked first, then in protocol order."""
    policy = Policy(then["policy"])
    held = {(d["code"], code) for d in now["departments"] for code in d["reasons"]}
    marked_now = {department for department, _task in held}
    found = [
        Marked(
            department=department,
            newly=department["code"] not in marked_now,
            reasons=tuple(
                _reason(line, (department["code"], line["code"]) not in held, policy, today)
                for line in department["tasks"]
                if line["code"] in department["reasons"]
            ),
        )
        for department in then["departments"]
        if department["marked"]
    ]
    return tuple(sorted(found, key=lambda marked: not marked.newly))


def last_day_in_time(line: Row) -> date | None:
    if line["due_on"] is None:
        return None
    due_on = date.fromisoformat(line["due_on"])
    return due_on - timedelta(days=1) if line["reading"] == "before" else due_on


def _reason(line: Row, newly: bool, policy: Policy, today: date) -> Reason:
    last_day = last_day_in_time(line)
    in_time = last_day is None or last_day >= today
    return Reason(
        line=line,
        newly=newly,
        ways=tuple(_ways(line, policy, in_time)),
        until=last_day if in_time else None,
    )


def _ways(line: Row, policy: Policy, in_time: bool) -> list[Way]:
    if "pending_late" in line["flags"]:
        first = Way.ACCEPT
    else:
        first = Way.SUBMIT if in_time else Way.SUBMIT_AND_ACCEPT
    # Only where the deadline decides does another one help.
    if policy is Policy.INCOMPLETE:
        return [first]
    return [first, Way.DECIDE if line["extension_request"] else Way.EXTEND]
