"""Zones and endpoints by file: what would change, every fault with its line, all or nothing."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from databases.actions.endpoints import Wanted, pause_endpoint, save_endpoint, wanted_of
from databases.actions.zones import propose_network
from databases.models import Credential, Endpoint, Zone
from databases.register_files.endpoints_file import EndpointFile
from databases.register_files.endpoints_rows import (
    Change,
    Values,
    changes,
    endpoint_columns,
    endpoint_written,
    network_key,
    network_written,
    zone_columns,
    zone_written,
)
from databases.register_files.endpoints_schema import Row, plain
from databases.register_files.endpoints_secrets import secrets_in
from databases.register_files.endpoints_writing import write
from tracking.actions.refusals import Refused
from tracking.models import User
from tracking.models.pen import take_the_pen


@dataclass(slots=True)
class Difference:
    """Between the file and the register. `absent`: endpoints that are not in the file, and are
    left as they are; `paused`: those that are paused for it."""

    added: list[str] = field(default_factory=list)
    changed: list[Change] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    paused: list[str] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    @property
    def nothing(self) -> bool:
        return not any((self.added, self.changed, self.proposed, self.paused, self.absent))


@transaction.atomic
def apply_file(
    *, file: EndpointFile, now: datetime, by: str, dry_run: bool = False, pause_absent: bool = False
) -> Difference:
    """Write everything the file says, or nothing. Refused with every fault of the file. A network
    is only proposed, by the account `by`; nothing that the file leaves out is deleted."""
    take_the_pen()
    applying = _Applying(now, by, dry_run)
    for row in file.zones:
        applying.zone(row)
    for row in _parents_first(file.endpoints):
        applying.endpoint(row)
    if faults := file.told():
        raise Refused(faults)
    applying.absent({row.code for row in file.endpoints}, pause=pause_absent)
    if dry_run:
        transaction.set_rollback(True)
    return applying.difference


def export_file(now: datetime) -> bytes:
    """The whole register of zones and endpoints; planned, it shows no difference. Refused when a
    specification holds what looks like a secret."""
    endpoints = [endpoint_written(asdict(wanted_of(row))) for row in _all_endpoints()]
    said = _("%(code)s: %(field)s looks like a secret: seal it as a credential, then export")
    faults = [
        said % {"code": row["code"], "field": ".".join(("spec", *path))}
        for row in endpoints
        for path in secrets_in(row["spec"])
    ]
    if faults:
        raise Refused(faults)
    return write([_with_networks(zone, now) for zone in Zone.objects.order_by("code")], endpoints)


class _Applying:
    """Row after row; what is at fault is told in its row and left out."""

    def __init__(self, now: datetime, by: str, dry_run: bool) -> None:
        self.now, self.by = now, by
        self.difference = Difference()
        self._may_propose = dry_run or User.objects.filter(username=by, is_active=True).exists()
        self._credentials = set(Credential.objects.values_list("code", flat=True))
        self._held = {row.code: row for row in _all_endpoints()}
        self._failed: set[tuple[str, str]] = set()  # ("zone" or "parent", code)

    def zone(self, row: Row) -> None:
        if row.faults:
            self._failed.add(("zone", row.code))
            return
        subject = _("zone %s") % row.code
        held = Zone.objects.filter(code=row.code).first()
        zone = held or Zone(code=row.code)
        fields = changes(zone_written(zone), row.values)
        if held is None:
            self.difference.added.append(subject)
        elif fields:
            self.difference.changed.append(Change(subject, fields))
        if fields:
            for name, value in zone_columns(row.values).items():
                setattr(zone, name, value)
            zone.save()
        known = {network_key(values) for values in _networks(zone, self.now)}
        for network in row.values["networks"]:
            self._network(zone, network, known)

    def _network(self, zone: Zone, row: Row, known: set[tuple[str, ...]]) -> None:
        if row.faults or (key := network_key(row.values)) in known:
            return
        known.add(key)
        if not self._may_propose:
            said = _("a network is proposed by a person: give --by with the name of your account")
            row.fault(said, "network")
            return
        try:
            propose_network(
                zone=zone, **row.values, valid_from=None, valid_to=None, now=self.now, by=self.by
            )
        except Refused as refused:
            _tell(row, refused.sentences)
        said = _("zone %(zone)s: network %(network)s, ports %(ports)s")
        self.difference.proposed.append(said % {"zone": zone.code, **row.values})

    def endpoint(self, row: Row) -> None:
        if not row.faults:
            self._save(row, Wanted(**endpoint_columns(row.values)))
        if row.faults:
            self._failed.add(("parent", row.code))

    def _save(self, row: Row, wanted: Wanted) -> None:
        held = self._held.get(row.code)
        before = wanted_of(held) if held else None
        # What was typed in the admin need not be in NFC; what is read from a file is.
        if before and replace(before, spec=plain(before.spec)) == wanted:
            return
        if wanted.credential and wanted.credential not in self._credentials:
            # Not repeated: who pastes the secret in its place shall not read it again in a log.
            row.fault(_("credential: there is none of this code: seal it first"), "credential")
            wanted = replace(wanted, credential=None)
        try:
            save_endpoint(wanted=wanted, now=self.now, by=self.by)
        except Refused as refused:
            _tell(row, refused.sentences, self._excused(wanted))
            self._failed.add(("parent", row.code))
        self._tell_endpoint(before, wanted)

    def _tell_endpoint(self, before: Wanted | None, wanted: Wanted) -> None:
        subject = _("endpoint %s") % wanted.code
        if before is None:
            self.difference.added.append(subject)
            return
        old, new = (endpoint_written(asdict(one)) for one in (before, wanted))
        self.difference.changed.append(Change(subject, changes(old, new)))

    def _excused(self, wanted: Wanted) -> set[str]:
        """What is not known only because its own entry is at fault is not told as well."""
        named = {("zone", wanted.zone), ("parent", wanted.parent)}
        return {kind for kind, _code in named & self._failed}

    def absent(self, in_file: set[str], *, pause: bool) -> None:
        for code, endpoint in self._held.items():
            if code in in_file:
                continue
            if pause and not endpoint.paused:
                pause_endpoint(endpoint=endpoint, now=self.now, by=self.by)
                self.difference.paused.append(_("endpoint %s") % code)
            else:
                self.difference.absent.append(_("endpoint %s") % code)


def _parents_first(rows: Iterable[Row]) -> Iterator[Row]:
    """What another depends on stands before it; what goes in a circle is told and comes last."""
    waiting = list({row.code: row for row in rows}.values())
    while waiting:
        codes = {row.code for row in waiting}
        ready = [row for row in waiting if row.values.get("parent") not in codes]
        for row in [] if ready else waiting:
            said = _("parent: it depends on itself, or on what does: choose another")
            row.fault(said, "parent")
        yield from ready or waiting
        done = {row.code for row in ready or waiting}
        waiting = [row for row in waiting if row.code not in done]


def _tell(row: Row, sentences: Iterable[str], excused: Iterable[str] = ()) -> None:
    """At the line of the field with which a sentence begins."""
    for sentence in sentences:
        head = sentence.partition(":")[0]
        named = "name" if head.startswith("name_") else head
        in_spec = named not in row.written and named in (row.values.get("spec") or {})
        if head not in excused:
            row.fault(sentence, *(("spec", named) if in_spec else (named,)))


def _all_endpoints() -> Iterable[Endpoint]:
    related = ("zone", "interface", "parent", "credential")
    return Endpoint.objects.select_related(*related).order_by("code")


def _with_networks(zone: Zone, now: datetime) -> Values:
    networks = {network_key(values): values for values in _networks(zone, now)}
    return zone_written(zone) | {"networks": [networks[key] for key in sorted(networks)]}


def _networks(zone: Zone, now: datetime) -> Iterator[Values]:
    """Those not ended; of two that are the same, the approved one comes last."""
    rows = zone.networks.filter(Q(valid_to=None) | Q(valid_to__gt=now)) if zone.pk else ()
    yield from sorted(map(network_written, rows), key=lambda values: values["approved"])
