"""Which networks may be probed? One person proposes, another approves, either withdraws."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import translation

from databases.actions.zones import approve_network, propose_network, withdraw_network
from databases.forms.zones import ZoneForm
from databases.models import Zone, ZoneNetwork
from databases.partners.authority import papers
from databases.probes.egress import EgressRefused
from databases.pump.configuration import ways
from tracking.actions.refusals import Refused
from tracking.rules.instants import instant_from

pytestmark = pytest.mark.django_db

NOW = instant_from("2026-03-02T08:00:00")
HOUR = timedelta(hours=1)


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(code="TSLCD", name_vi="Mạng chuyên dùng")


def propose(zone: Zone, **changes: Any) -> ZoneNetwork:
    given: dict[str, Any] = {
        "zone": zone,
        "network": "10.20.0.0/16",
        "ports": "443 8000-8100",
        "document": "12/TTYQG",
        "valid_from": None,
        "valid_to": None,
        "now": NOW,
        "by": "an",
    }
    return propose_network(**{**given, **changes})


def reaches(zone: Zone, address: str = "10.20.1.1", port: int = 443, after: Any = HOUR) -> bool:
    """As the pump asks it."""
    try:
        ways(NOW + after)[zone.pk].reach.require(address, port)
    except EgressRefused:
        return False
    return True


def test_nothing_is_reached_before_another_person_approves(zone: Zone) -> None:
    network = propose(zone)
    assert not reaches(zone)
    with pytest.raises(Refused, match="another person must approve"):
        approve_network(network=network, now=NOW, by="an")
    assert not reaches(zone)
    approve_network(network=network, now=NOW, by="binh")
    assert reaches(zone)
    assert reaches(zone, port=8_050)
    assert not reaches(zone, port=8_101)
    assert not reaches(zone, "10.21.0.1")


def test_it_holds_from_its_beginning_until_its_end(zone: Zone) -> None:
    network = propose(zone, valid_from=NOW + HOUR, valid_to=NOW + 2 * HOUR)
    approve_network(network=network, now=NOW, by="binh")
    assert [reaches(zone, after=n * HOUR / 2) for n in range(1, 5)] == [False, True, True, False]


def test_a_withdrawn_network_is_reached_no_more_and_stays_in_the_register(zone: Zone) -> None:
    network = propose(zone)
    approve_network(network=network, now=NOW, by="binh")
    withdraw_network(network=network, now=NOW + HOUR, by="an")
    assert not reaches(zone)
    assert ZoneNetwork.objects.get().valid_to == NOW + HOUR
    with pytest.raises(Refused, match="over already"):
        withdraw_network(network=network, now=NOW + HOUR, by="an")


def test_what_was_withdrawn_or_approved_is_not_approved_again(zone: Zone) -> None:
    network = propose(zone)
    approve_network(network=network, now=NOW, by="binh")
    with pytest.raises(Refused, match="approved already"):
        approve_network(network=network, now=NOW, by="chi")
    other = propose(zone, network="10.30.0.0/16")
    withdraw_network(network=other, now=NOW + HOUR, by="an")
    with pytest.raises(Refused, match="propose it again"):
        approve_network(network=other, now=NOW + HOUR, by="binh")


@pytest.mark.parametrize(
    "network",
    """127.0.0.1 127.0.0.0/8 0.0.0.0/0 126.0.0.0/7 169.254.169.254 169.254.0.0/16 224.0.0.0/4
    255.255.255.255 240.0.0.0/4 192.0.2.0/24 100.100.100.200 ::1 ::/0 fe80::/10 ff02::/16
    64:ff9b::/96 2002::/16 ::ffff:10.0.0.1 2001:db8::/32""".split(),
)
def test_what_the_guard_always_refuses_is_refused_on_save_in_both_languages(
    zone: Zone, network: str
) -> None:
    said = {
        "en": ("network: ", "no probe ever reaches"),
        "vi": ("mạng: ", "không phép kiểm tra nào được tới"),
    }
    for language, (field, words) in said.items():
        with translation.override(language), pytest.raises(Refused) as refused:
            propose(zone, network=network)
        [sentence] = refused.value.sentences
        assert words in sentence
        assert sentence.startswith(field)
    assert not ZoneNetwork.objects.exists()


@pytest.mark.parametrize("network", "10.0.0.0/8 192.168.1.0/24 100.64.0.0/10 fd00::/8".split())
def test_private_ranges_may_be_approved(zone: Zone, network: str) -> None:
    assert propose(zone, network=network).network == network


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"network": "10.20.0.1/16"}, "without bits after the length"),
        ({"network": "máy chủ"}, "is none"),
        ({"ports": ""}, "names none"),
        ({"ports": "0"}, "names none"),
        ({"ports": "9-1"}, "names none"),
        ({"ports": "https"}, "names none"),
        ({"ports": "65536"}, "names none"),
        ({"document": " "}, "name the one that allows"),
        ({"valid_to": NOW}, "end before it begins or before now"),
        ({"valid_from": NOW + HOUR, "valid_to": NOW + HOUR}, "end before it begins"),
    ],
)
def test_a_proposal_that_is_refused_is_not_written(
    zone: Zone, changes: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        propose(zone, **changes)
    assert not ZoneNetwork.objects.exists()


def test_every_fault_of_a_proposal_is_told_at_once(zone: Zone) -> None:
    with pytest.raises(Refused) as refused:
        propose(zone, network="x", ports="y", document="", valid_to=NOW)
    assert len(refused.value.sentences) == 4


def filled(**changes: str) -> ZoneForm:
    return ZoneForm({"code": "Z", "name_vi": "Vùng", **changes})


def test_authorities_are_certificates_in_pem(tmp_path: Any) -> None:
    authority = papers(tmp_path, NOW).authority
    assert filled(authorities=authority).is_valid()
    assert filled(authorities="").is_valid()
    for text in ("x", authority[:200], authority.replace("BEGIN", "BEGUN")):
        form = filled(authorities=text)
        assert "no certificates in PEM" in str(form.errors["authorities"])


def test_name_servers_are_addresses() -> None:
    form = filled(name_servers="10.1.1.1, fd00::53")
    assert form.is_valid()
    assert form.cleaned_data["name_servers"] == "10.1.1.1 fd00::53"
    assert "is no address" in str(filled(name_servers="dns.example").errors["name_servers"])
