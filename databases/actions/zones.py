"""Which networks may be probed? One person proposes, another approves, either may withdraw."""

from datetime import datetime
from ipaddress import ip_network
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from databases.models import Zone, ZoneNetwork
from databases.probes.egress import ALWAYS_REFUSED, REFUSED, Because, Network
from databases.pump.configuration import ports_of
from tracking.actions.refusals import Refused
from tracking.models.bilingual import reader_language

_GOOD_PART = 256  # one in so many addresses


@transaction.atomic
def propose_network(
    *,
    zone: Zone,
    network: str,
    ports: str,
    document: str,
    valid_from: datetime | None,
    valid_to: datetime | None,
    now: datetime,
    by: str,
) -> ZoneNetwork:
    """Nothing is reached through it until another person approves it. Refused with every fault."""
    begins = valid_from or now
    faults = [*_network_faults(network), *_port_faults(ports)]
    if not document.strip():
        faults.append(_("document: name the one that allows probing this network"))
    if valid_to is not None and valid_to <= max(begins, now):
        faults.append(_("it would end before it begins or before now: choose a later end"))
    if faults:
        raise Refused(faults)
    return ZoneNetwork.objects.create(
        zone=zone,
        network=str(ip_network(network.strip())),
        ports=" ".join(ports.replace(",", " ").split()),
        document=document.strip(),
        proposed_by=by,
        valid_from=begins,
        valid_to=valid_to,
    )


@transaction.atomic
def approve_network(*, network: ZoneNetwork, now: datetime, by: str) -> ZoneNetwork:
    """By another person than who proposed it; it counts within half a minute."""
    row = _locked(network)
    if row.approved_by:
        raise Refused([_("it is approved already: there is nothing to do")])
    if row.valid_to is not None and row.valid_to <= now:
        raise Refused([_("its time is over, or it was withdrawn: propose it again")])
    if row.proposed_by == by:
        raise Refused([_("you proposed it yourself: another person must approve it")])
    row.approved_by = by
    row.save(update_fields=["approved_by"])
    return row


@transaction.atomic
def withdraw_network(*, network: ZoneNetwork, now: datetime, by: str) -> ZoneNetwork:
    """From now on nothing is reached through it, approved or not; one person is enough for less."""
    row = _locked(network)
    if row.valid_to is not None and row.valid_to <= now:
        raise Refused([_("its time is over already: there is nothing to withdraw")])
    row.valid_to = now
    row.save(update_fields=["valid_to"])
    return row


def _locked(network: ZoneNetwork) -> ZoneNetwork:
    return ZoneNetwork.objects.select_for_update().get(pk=network.pk)


def _network_faults(text: str) -> list[str]:
    try:
        network = ip_network(text.strip())
    except ValueError:
        said = _('network: "%s" is none: write it as 10.20.0.0/16, without bits after the length')
        return [said % text]
    found = _refused_range(network)
    return [_never(network, *found)] if found else []


def _refused_range(network: Network) -> tuple[Because, Network] | None:
    """The always refused range that a network lies in, or that is a good part of it: approving
    such a network would promise what the guard never does."""
    for because, ranges in ALWAYS_REFUSED:
        for held in ranges:
            if held.version == network.version and _clash(network, held):
                return because, held
    return None


def _clash(network: Any, held: Any) -> bool:
    if network.subnet_of(held):
        return True
    large = held.num_addresses * _GOOD_PART >= network.num_addresses
    return large and bool(held.subnet_of(network))


def _never(network: Network, because: Because, held: Network) -> str:
    vi, en = REFUSED[because]
    words = {
        "network": str(network),
        "held": str(held),
        "why": en if reader_language() == "en" else vi,
    }
    return (
        _(
            "network: no probe ever reaches all of %(network)s, since an address of %(held)s "
            "%(why)s: propose the parts that are needed"
        )
        % words
    )


def _port_faults(text: str) -> list[str]:
    try:
        found = ports_of(text)
    except ValueError:
        found = ()
    if found:
        return []
    return [_('ports: "%s" names none: write them as 443 8000-8100, each from 1 to 65535') % text]
