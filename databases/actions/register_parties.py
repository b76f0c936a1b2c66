"""Writing the parties of a register file: at most one a role and day."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.utils.translation import gettext as _

from databases.actions.register_codes import Codes
from databases.models import Connection, Party
from databases.models.party import PartyRole
from databases.register_files.register_fields import as_in_files
from databases.rules.periods import Period, overlapping
from tracking.actions.changes import Changes
from tracking.models import Department, Partner
from tracking.plan_files.rows import Row, Rows

Key = tuple[int, str, date]  # connection, role, first day
_BODIES = {"department": Department, "partner": Partner}
_COLUMNS = (*_BODIES, "valid_to", "document")


def write_parties(rows: Rows, codes: Codes, changes: Changes) -> list[str]:
    """Create or update every period that the file names; returns the faults found on the way."""
    faults: list[str] = []
    wanted: dict[Key, tuple[Row, Party]] = {}
    stored = {_key(party): party for party in _parties()}
    for row in rows["parties"]:
        found = list(_faults(row))
        party = None if found else _wanted(row, stored, codes)
        if party is not None and (twice := wanted.get(_key(party))):
            found.append(_twice(row, twice[0]))
        elif party is not None:
            wanted[_key(party)] = row, party
        faults += found
    faults += _overlaps(wanted, stored)
    for _row, party in wanted.values() if not faults else ():
        _write(party, stored.get(_key(party)), changes)
    return faults


def _parties() -> Iterable[Party]:
    return Party.objects.select_related("connection", "department", "partner")


def _key(party: Party) -> Key:
    return party.connection_id, party.role, party.valid_from


def _faults(row: Row) -> Iterator[str]:
    given = [key for key in _BODIES if row.get(key) is not None]
    if not given:
        yield _told(row, "department", _("names nobody: give a department or a partner"))
    elif len(given) > 1:
        sentence = _("names a department and a partner: leave one of the two out")
        yield _told(row, "partner", sentence)
    if row.get("valid_to") and row["valid_to"] < row["valid_from"]:
        sentence = _("valid_to lies before valid_from: correct one of the two")
        yield _told(row, "valid_to", sentence)


def _wanted(row: Row, stored: dict[Key, Party], codes: Codes) -> Party | None:
    """The period as the file has it, what it leaves out as it is; None when it names what is not
    there."""
    connection = codes.named(row, "connection", Connection)
    bodies = {key: codes.named(row, key, model) for key, model in _BODIES.items()}
    if connection is None or not any(bodies.values()):
        return None
    held = stored.get((connection.pk, row["role"], row["valid_from"]), Party())
    return Party(
        pk=held.pk,
        connection=connection,
        role=str(row["role"]),
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to", held.valid_to),
        document=(row["document"] or "") if "document" in row else held.document,
        **bodies,
    )


def _twice(row: Row, first: Row) -> str:
    sentence = _("the same role from the same day stands in the file twice, first at %s: leave one")
    return _told(row, "valid_from", sentence % first.place)


def _overlaps(wanted: dict[Key, tuple[Row, Party]], stored: dict[Key, Party]) -> Iterator[str]:
    """Periods that the file would lay over each other, or over one of the register."""
    periods: dict[tuple[int, str], dict[Period, Party]] = {}
    touched = {key[:2] for key in wanted}
    for key, party in {**stored, **{key: party for key, (_row, party) in wanted.items()}}.items():
        if key[:2] in touched:
            periods.setdefault(key[:2], {})[Period(party.valid_from, party.valid_to)] = party
    for of_role in periods.values():
        for earlier, later in overlapping(of_role):
            yield _overlap(of_role[earlier], of_role[later], wanted)


def _overlap(earlier: Party, later: Party, wanted: dict[Key, tuple[Row, Party]]) -> str:
    sentence = _(
        "%(earlier)s (%(period)s) is in the role on %(day)s, when %(later)s begins: let the one "
        "end before the other begins"
    ) % {
        "earlier": _code(earlier),
        "period": _said(earlier),
        "later": _code(later),
        "day": f"{later.valid_from:%d/%m/%Y}",
    }
    if _key(later) in wanted:
        return _told(wanted[_key(later)][0], "valid_from", sentence)
    return _told(wanted[_key(earlier)][0], "valid_to", sentence)


def _write(party: Party, held: Party | None, changes: Changes) -> None:
    name = f"{Party._meta.verbose_name} {party.connection.code}: {PartyRole(party.role).label}"
    now = f"{_code(party)}, {_said(party)}"
    if held is None:
        party.save()
        changes.added.append(f"{name}: {now}")
    elif different := [k for k in _COLUMNS if as_in_files(getattr(held, k)) != getattr(party, k)]:
        before = f"{_code(held)}, {_said(held)}"
        party.save(update_fields=different)
        documents = f"{held.document or '—'} → {party.document or '—'}"
        said = f"{before} → {now}" if different != ["document"] else f"{now}: {documents}"
        changes.changed.append(f"{name}: {said}")


def _code(party: Party) -> str:
    body = party.department or party.partner
    return body.code if body else ""


def _said(party: Party) -> str:
    begins = f"{party.valid_from:%d/%m/%Y}"
    return f"{begins} – {party.valid_to:%d/%m/%Y}" if party.valid_to else f"{begins} –"


def _told(row: Row, key: str, sentence: str) -> str:
    return f"{row.at(key)}: {row['connection']}: {sentence}"
