"""To whom does a scheduled report go?"""

from dataclasses import dataclass, field

from django.db.models import Q

from tracking.actions.outbox import Recipient
from tracking.models import ReportSchedule, User
from tracking.permissions import Role


@dataclass(frozen=True, slots=True)
class Recipients:
    """Those with an address, each address once; and who is meant as well but is not reached."""

    reached: list[Recipient] = field(default_factory=list)
    without_address: list[User] = field(default_factory=list)
    inactive: list[User] = field(default_factory=list)


def recipients_of(schedule: ReportSchedule) -> Recipients:
    """One query: people named, people in the roles, reporters and heads of the departments; and
    the addresses beside them. Somebody who is inactive is missed only if named."""
    found = Recipients()
    known: set[str] = set()
    for person in _people(schedule):
        if not person.is_active:
            found.inactive.append(person)
        elif not person.email:
            found.without_address.append(person)
        else:
            _reach(found, known, Recipient.of(person))
    for address in schedule.addresses.splitlines():
        if address.strip():
            _reach(found, known, Recipient(address.strip()))
    return found


def _reach(found: Recipients, known: set[str], recipient: Recipient) -> None:
    address = recipient.address.casefold()
    if address not in known:
        known.add(address)
        found.reached.append(recipient)


def _people(schedule: ReportSchedule) -> list[User]:
    at_work = Q(groups__name=Role.REPORTER.value) | Q(heads_department=True)
    asked = Q(groups__name__in=schedule.roles) | Q(department__schedules=schedule) & at_work
    meant = Q(schedules=schedule) | Q(is_active=True) & asked
    people = User.objects.filter(pk__in=User.objects.filter(meant).values("pk"))
    return list(people.order_by("username"))
