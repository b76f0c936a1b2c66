"""The only writer of the parties of connections: who answers in a role, from when until when."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import Connection, Party
from databases.models.party import PartyRole
from databases.rules.periods import Period
from tracking.actions.refusals import Refused
from tracking.models import Department, Partner, User
from tracking.models.pen import take_the_pen

_DAY = timedelta(days=1)


@transaction.atomic
def set_party(
    *,
    connection: Connection,
    role: PartyRole,
    body: Department | Partner,
    valid_from: date,
    document: str,
    now: datetime,
    by: str,
) -> Party:
    """Name who answers from that day on; the one in force ends the day before. Refused when that
    body answers then already, or when another is named from the same or a later day on."""
    take_the_pen()
    periods = list(_periods(connection, role))
    held = next((p for p in periods if _period(p).holds_on(valid_from)), None)
    if faults := list(_set_faults(held, periods, body, valid_from)):
        raise Refused(faults)
    if held is not None:
        held.valid_to = valid_from - _DAY
        held.save(update_fields=["valid_to"])
    key = "department" if isinstance(body, Department) else "partner"
    own = {key: body, "valid_from": valid_from, "document": document.strip()}
    party = Party.objects.create(connection=connection, role=role, **own)
    _note(party, _("%(party)s from %(day)s on"), valid_from, now=now, by=by)
    return party


@transaction.atomic
def end_party(*, party: Party, valid_to: date, now: datetime, by: str) -> Party:
    """The last day on which the body answers in its role; it may be moved, but not into the period
    of another."""
    take_the_pen()
    if faults := list(_end_faults(party, valid_to)):
        raise Refused(faults)
    party.valid_to = valid_to
    party.save(update_fields=["valid_to"])
    _note(party, _("%(party)s until %(day)s"), valid_to, now=now, by=by)
    return party


def _periods(connection: Connection, role: str) -> Iterable[Party]:
    rows = Party.objects.filter(connection=connection, role=role).order_by("valid_from")
    return rows.select_related("department", "partner")


def _period(party: Party) -> Period:
    return Period(party.valid_from, party.valid_to)


def _set_faults(
    held: Party | None, periods: list[Party], body: object, valid_from: date
) -> Iterable[str]:
    if held is not None and held.body == body:
        yield _("%(party)s answers since %(day)s already: leave it as it is") % _told(held)
    elif held is not None and held.valid_from == valid_from:
        yield _("%(party)s is named from the same day on: choose a later day") % _told(held)
    later = next((p for p in periods if p.valid_from > valid_from), None)
    if later is not None:
        yield _("%(party)s is named from %(day)s on: choose a later day than that") % _told(later)


def _end_faults(party: Party, valid_to: date) -> Iterable[str]:
    if valid_to < party.valid_from:
        yield _("%(party)s begins on %(day)s: choose that day or a later one") % _told(party)
    for other in _periods(party.connection, party.role):
        if party.valid_from < other.valid_from <= valid_to:
            yield _("%(party)s answers from %(day)s on: choose an earlier day") % _told(other)
            return


def _told(party: Party) -> dict[str, str]:
    return {"party": str(party.body), "day": f"{party.valid_from:%d/%m/%Y}"}


def _note(party: Party, sentence: str, day: date, *, now: datetime, by: str) -> None:
    """Who entered it and when, on the page of the connection's changes."""
    user = User.objects.filter(username=by).first()
    if user is None:  # a command or the import of a file
        return
    said = f"{PartyRole(party.role).label}: {party.body}"
    LogEntry.objects.create(
        user=user,
        action_time=now,
        content_type=ContentType.objects.get_for_model(Connection),
        object_id=str(party.connection_id),
        object_repr=party.connection.code,
        action_flag=CHANGE,
        change_message=sentence % {"party": said, "day": f"{day:%d/%m/%Y}"},
    )
