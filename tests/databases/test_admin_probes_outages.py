"""Outages, maintenance, zones, contradictions and proposals in the admin: who does what, and how
a refusal is told."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import override

from databases.actions.outages import ask_to_close
from databases.actions.seed import seed_databases
from databases.models import (
    Connection,
    Contradiction,
    EvidenceDecision,
    EvidenceProposal,
    EvidenceRule,
    Maintenance,
    Outage,
    Zone,
    ZoneNetwork,
)
from tests.databases.probe_rows import MINUTE, fill, outage_of, see
from tests.databases.probed import make_endpoint
from tests.module_rows import written_once
from tests.tracking.admin_people import signed_in
from tests.tracking.task_pages import words
from tracking.actions.seed import seed

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
OUTAGES = "/admin/databases/outage/"
WINDOWS = "/admin/databases/maintenance/"
ZONES = "/admin/databases/zone/"
CONTRADICTIONS = "/admin/databases/contradiction/"
PROPOSALS = "/admin/databases/evidenceproposal/"


def moment(name: str, instant: datetime) -> dict[str, str]:
    """As the two inputs send it."""
    here = localtime(instant)
    return {f"{name}_0": f"{here:%d/%m/%Y}", f"{name}_1": f"{here:%H:%M:%S}"}


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


@pytest.fixture
def outage() -> Outage:
    now = timezone.now()
    return outage_of(make_endpoint(now - HOUR, 443), now - 4 * MINUTE)


# Outages


def test_open_outages_come_first_with_whose_fault_they_look_like(
    operator: Client, outage: Outage
) -> None:
    now = timezone.now()
    ended = make_endpoint(now - HOUR, 443, code="E-2", interface="K-2")
    see(ended, "ok fail fail fail ok ok", now - 3 * MINUTE)
    rows = list(operator.get(OUTAGES).context["cl"].result_list)
    assert [row.endpoint.code for row in rows] == ["E-1", "E-2"]
    assert rows[0].ended_at is None
    operator.post(f"{OUTAGES}{outage.pk}/judge/", {"blame": "theirs", "why": "Biên bản số 4"})
    page = words(operator.get(OUTAGES))
    assert 'the other side<span class="under">Biên bản số 4</span>' in page
    only_open = operator.get(f"{OUTAGES}?open=yes").context["cl"].result_list
    assert [row.endpoint.code for row in only_open] == ["E-1"]


def test_the_page_tells_the_course_with_the_reason_in_words(
    operator: Client, outage: Outage
) -> None:
    page = words(operator.get(f"{OUTAGES}{outage.pk}/change/"))
    assert "<strong>Confirmed</strong>" in page
    assert '<p class="said">the connection was refused</p>' in page
    assert "known at" in page


def test_an_acknowledgement_is_recorded_and_shown(operator: Client, outage: Outage) -> None:
    until = timezone.now() + 5 * HOUR
    values = {**moment("until", until), "note": "Đã gọi"}
    page = words(operator.post(f"{OUTAGES}{outage.pk}/acknowledge/", values, follow=True))
    assert "Recorded in the course of the outage." in page
    assert "Đã gọi" in page
    assert "by operator, until" in page
    assert "operator" in words(operator.get(OUTAGES))


def test_a_refused_acknowledgement_is_told_in_the_form(operator: Client, outage: Outage) -> None:
    values = {**moment("until", timezone.now() + 80 * HOUR), "note": "Đã gọi"}
    page = words(operator.post(f"{OUTAGES}{outage.pk}/acknowledge/", values))
    assert "Nothing was saved." in page
    assert "An acknowledgement ends later than now, and within 72 hours" in page
    assert outage.course.count() == 1


def test_an_outage_is_closed_by_two_persons(operator: Client, outage: Outage) -> None:
    note = "Đã tháo dỡ"
    operator.post(f"{OUTAGES}{outage.pk}/close/", {"note": note})
    page = words(operator.get(f"{OUTAGES}{outage.pk}/change/"))
    assert f"/{outage.pk}/agree/" not in page
    assert f"/{outage.pk}/close/" not in page
    assert "another person must agree" in page
    refused = words(operator.post(f"{OUTAGES}{outage.pk}/agree/"))
    assert "You asked for it yourself" in refused
    assert Outage.objects.get().ended_at is None
    ask_to_close(outage=outage, note=note, now=timezone.now(), by="binh")
    assert f"/{outage.pk}/agree/" in words(operator.get(f"{OUTAGES}{outage.pk}/change/"))
    assert "binh asked for it" in words(operator.get(f"{OUTAGES}{outage.pk}/agree/"))
    operator.post(f"{OUTAGES}{outage.pk}/agree/")
    assert Outage.objects.get().ended_at is not None
    page = words(operator.get(f"{OUTAGES}{outage.pk}/change/"))
    assert "binh, operator" in page
    assert "/acknowledge/" not in page


@pytest.mark.parametrize("role", ["leader", "reporter", "inspector", "clerk"])
def test_only_operators_follow_outages(outage: Outage, role: str) -> None:
    client = signed_in(role)
    for name in ("acknowledge", "note", "judge", "close", "agree"):
        for ask in (client.get, client.post):
            assert ask(f"{OUTAGES}{outage.pk}/{name}/").status_code == 403
    seen = client.get(f"{OUTAGES}{outage.pk}/change/")
    assert seen.status_code == (403 if role == "clerk" else 200)
    if role != "clerk":
        assert "/acknowledge/" not in words(seen)
    assert outage.course.count() == 1


# Maintenance


def test_maintenance_is_announced_in_the_time_of_ha_noi(operator: Client, outage: Outage) -> None:
    values = {
        "endpoint": "E-1",
        "start_0": "01/12/2099",
        "start_1": "20:00",
        "end_0": "01/12/2099",
        "end_1": "23:30",
        "document": "12/TTYQG",
    }
    page = words(operator.post(f"{WINDOWS}add/", values, follow=True))
    assert "Maintenance is announced for E-1." in page
    row = Maintenance.objects.get()
    assert row.start.isoformat() == "2099-12-01T13:00:00+00:00"
    assert (row.announced_by, row.document) == ("operator", "12/TTYQG")
    assert "01/12/2099 20:00" in page


def test_maintenance_of_a_connection_is_that_of_all_its_endpoints(operator: Client) -> None:
    now = timezone.now()
    make_endpoint(now - HOUR, 443)
    make_endpoint(now - HOUR, 443, code="E-2")
    values = {"connection": "CSDL-01-DC", **moment("end", now + HOUR)}
    operator.post(f"{WINDOWS}add/", values)
    assert sorted(row.endpoint.code for row in Maintenance.objects.all()) == ["E-1", "E-2"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"endpoint": ""}, "Choose an endpoint, or a connection: one of the two."),
        ({"connection": "CSDL-01-DC"}, "Choose an endpoint, or a connection: one of the two."),
        (moment("start", timezone.now() - HOUR), "It begins in the past"),
        (moment("end", timezone.now() - HOUR), "It ends before it begins"),
        ({"end_0": "x"}, "Enter a valid date."),
    ],
)
def test_a_window_that_cannot_be_announced_is_told(
    operator: Client, outage: Outage, changes: dict[str, str], sentence: str
) -> None:
    values = {"endpoint": "E-1", **moment("end", timezone.now() + HOUR), **changes}
    assert sentence in words(operator.post(f"{WINDOWS}add/", values))
    assert not Maintenance.objects.exists()


def test_maintenance_is_ended_early_and_withdrawn(operator: Client, outage: Outage) -> None:
    for start in ({}, moment("start", timezone.now() + HOUR)):
        values = {"endpoint": "E-1", **start, **moment("end", timezone.now() + 2 * HOUR)}
        operator.post(f"{WINDOWS}add/", values)
    running, ahead = Maintenance.objects.order_by("start")
    assert "running now" in words(operator.get(f"{WINDOWS}{running.pk}/change/"))
    ended = words(operator.post(f"{WINDOWS}{running.pk}/end/", follow=True))
    assert "The maintenance is ended." in ended
    gone = words(operator.post(f"{WINDOWS}{ahead.pk}/end/", follow=True))
    assert "The maintenance is withdrawn." in gone
    running.refresh_from_db()
    assert running.end <= timezone.now()
    assert not Maintenance.objects.filter(pk=ahead.pk).exists()
    again = words(operator.post(f"{WINDOWS}{running.pk}/end/"))
    assert "It is over already: there is nothing to end." in again


# Zones


@pytest.fixture
def zone() -> Zone:
    return Zone.objects.create(code="TSLCD", name_vi="Mạng chuyên dùng")


def test_a_network_is_approved_by_another_person_by_a_button(operator: Client, zone: Zone) -> None:
    values = {"network": "10.20.0.0/16", "ports": "443", "document": "12/TTYQG"}
    page = words(operator.post(f"{ZONES}{zone.pk}/networks/add/", values, follow=True))
    assert "10.20.0.0/16 is proposed: another person must approve it." in page
    assert "awaits approval" in page
    assert "/approve/" not in page
    network = ZoneNetwork.objects.get()
    address = f"{ZONES}{zone.pk}/networks/{network.pk}"
    refused = words(operator.post(f"{address}/approve/"))
    assert "You proposed it yourself: another person must approve it." in refused
    network.refresh_from_db()
    assert network.approved_by == ""
    ZoneNetwork.objects.update(proposed_by="binh")
    assert f"{address}/approve/" in words(operator.get(f"{ZONES}{zone.pk}/change/"))
    operator.post(f"{address}/approve/")
    network.refresh_from_db()
    assert network.approved_by == "operator"
    page = words(operator.get(f"{ZONES}{zone.pk}/change/"))
    assert "in force" in page
    assert "/approve/" not in page
    operator.post(f"{address}/withdraw/")
    assert "over" in words(operator.get(f"{ZONES}{zone.pk}/change/"))
    told = [entry.get_change_message() for entry in LogEntry.objects.order_by("pk")]
    assert told == [f"10.20.0.0/16 443: {step}" for step in ("proposed", "approved", "withdrawn")]


def test_a_network_that_the_guard_always_refuses_is_refused_in_both_languages(
    operator: Client, zone: Zone
) -> None:
    values = {"network": "169.254.169.254", "ports": "80", "document": "x"}
    said = {"en": "is a metadata service", "vi": "là địa chỉ siêu dữ liệu của máy chủ"}
    for language, sentence in said.items():
        with override(language):
            page = operator.post(
                f"{ZONES}{zone.pk}/networks/add/", values, headers={"accept-language": language}
            )
        assert sentence in words(page)
        assert list(page.context["form"].errors) == ["network"]
    assert not ZoneNetwork.objects.exists()


def test_a_network_belongs_to_its_zone(operator: Client, zone: Zone) -> None:
    other = Zone.objects.create(code="Z2", name_vi="Khác")
    row = ZoneNetwork.objects.create(
        zone=other,
        network="10.0.0.0/8",
        ports="443",
        proposed_by="an",
        valid_from=timezone.now(),
    )
    assert operator.post(f"{ZONES}{zone.pk}/networks/{row.pk}/approve/").status_code == 404


def test_a_zone_is_kept_by_operators_and_seen_by_others(zone: Zone) -> None:
    ZoneNetwork.objects.create(
        zone=zone,
        network="10.0.0.0/8",
        ports="443",
        proposed_by="an",
        valid_from=timezone.now(),
    )
    for role, status in (("leader", 200), ("inspector", 200), ("reporter", 403), ("clerk", 403)):
        client = signed_in(role)
        page = client.get(f"{ZONES}{zone.pk}/change/")
        assert page.status_code == status
        if status == 200:
            assert "/approve/" not in words(page)
        for path in ("networks/add/", "networks/1/approve/", "networks/1/withdraw/"):
            assert client.post(f"{ZONES}{zone.pk}/{path}").status_code == 403


def test_authorities_that_are_no_certificates_are_refused_in_the_form(
    operator: Client, zone: Zone
) -> None:
    networks = {"networks-TOTAL_FORMS": "0", "networks-INITIAL_FORMS": "0"}
    values = {"name_vi": "Mạng", "authorities": "x", "name_servers": "dns.vn", **networks}
    page = words(operator.post(f"{ZONES}{zone.pk}/change/", values))
    assert "These are no certificates in PEM" in page
    assert "is no address" in page


# Contradictions and proposals


def fill_all() -> None:
    now = timezone.now()
    seed(now=now, illustrative=True)
    seed_databases()
    fill(now)


filled = written_once(fill_all)


@pytest.mark.usefixtures("filled")
def test_a_contradiction_tells_who_has_to_act_how_old_it_is_and_since_when(
    operator: Client,
) -> None:
    page = words(operator.get(f"{CONTRADICTIONS}?rule=connected_but_down"))
    assert "connected, but down" in page
    assert "KN-01-DC" in page
    row = Contradiction.objects.get(rule="connected_but_down")
    page = words(operator.get(f"{CONTRADICTIONS}{row.pk}/change/"))
    assert "Who has to act" in page
    assert "<strong>Opened</strong>" in page
    assert "DC-1" in page


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("role", ["operator", "leader"])
def test_a_contradiction_is_accepted_for_a_while_and_stays_open(role: str) -> None:
    client = signed_in(role)
    row = Contradiction.objects.get(rule="connected_but_down")
    values = {**moment("until", timezone.now() + 24 * HOUR), "reason": "Đang thay thiết bị"}
    page = words(client.post(f"{CONTRADICTIONS}{row.pk}/waive/", values, follow=True))
    assert "Open, accepted until" in page
    assert "Đang thay thiết bị" in page
    row.refresh_from_db()
    assert row.closed_at is None
    shown = client.get(f"{CONTRADICTIONS}?open=unwaived").context["cl"].result_list
    assert row.pk not in [other.pk for other in shown]
    later = {**moment("until", timezone.now() + 99 * 24 * HOUR), "reason": "x"}
    page = words(client.post(f"{CONTRADICTIONS}{row.pk}/waive/", later))
    assert "at most 90 days" in page


@pytest.mark.usefixtures("filled")
def test_others_accept_no_contradiction() -> None:
    row = Contradiction.objects.first()
    assert row is not None
    for role in ("reporter", "inspector", "clerk"):
        assert signed_in(role).post(f"{CONTRADICTIONS}{row.pk}/waive/").status_code == 403


@pytest.mark.usefixtures("filled")
def test_a_proposal_shows_its_evidence_readably_and_is_declined_with_a_reason(
    operator: Client,
) -> None:
    proposal = EvidenceProposal.objects.get()
    page = words(operator.get(f"{PROPOSALS}{proposal.pk}/change/"))
    assert "100 successes in a row of every endpoint, over at least 72 hours" in page
    assert "DC-1" in page
    assert "insufficient evidence" in page
    assert "&quot;format&quot;: &quot;probe-evidence/1&quot;" in page
    refused = words(operator.post(f"{PROPOSALS}{proposal.pk}/decline/", {"note": ""}))
    assert "This field is required." in refused
    done = operator.post(f"{PROPOSALS}{proposal.pk}/decline/", {"note": "Chưa đủ"}, follow=True)
    page = words(done)
    assert "declined" in page
    assert "Chưa đủ" in page
    assert f"/{proposal.pk}/take/" not in page
    decision = EvidenceDecision.objects.get()
    assert (decision.taken, decision.decided_by) == (False, "operator")


@pytest.mark.usefixtures("filled")
def test_a_proposal_that_cannot_be_taken_says_why(operator: Client) -> None:
    proposal = EvidenceProposal.objects.get()
    page = words(operator.post(f"{PROPOSALS}{proposal.pk}/take/", {"note": ""}))
    assert "Nothing was saved." in page
    assert not EvidenceDecision.objects.exists()


@pytest.mark.usefixtures("filled")
def test_a_bundle_of_another_format_is_shown_as_it_is(operator: Client) -> None:
    rule = EvidenceRule.objects.get()
    other = EvidenceProposal.objects.create(
        rule=rule, proposed_at=timezone.now(), bundle='{"format": "later/9"}', sha256="1" * 64
    )
    page = operator.get(f"{PROPOSALS}{other.pk}/change/")
    assert page.status_code == 200
    assert "later/9" in words(page)


@pytest.mark.usefixtures("filled")
def test_the_first_screen_holds_what_is_declared_against_what_is_seen(operator: Client) -> None:
    page = words(operator.get("/admin/"))
    assert '<span class="against">contradiction</span>' in page
    seen: Any = operator.get("/admin/").context["seen"]
    counted = seen.matrices[0]
    assert counted.total == 12
    cells = {
        (stage, cell.column): len(cell.connections)
        for stage, row in counted.rows
        for cell in row
        if cell.connections
    }
    assert cells[("connected", "down")] == 1
    assert cells[("connected", "unprobed")] == 3
    assert sum(cells.values()) == 12
    assert [stands.code for stands in seen.outages] == ["DC-1"]


@pytest.mark.usefixtures("filled")
def test_a_connection_shows_what_is_seen_of_it_and_what_that_contradicts(operator: Client) -> None:
    place = f"/admin/databases/connection/{Connection.objects.get(code='KN-01-DC').pk}/change/"
    row = Contradiction.objects.get(rule="connected_but_down")
    against = f'<a href="{CONTRADICTIONS}{row.pk}/change/">connected, but down</a>'
    for reader, seen in (
        (operator, 'DC-1</a> <span class="state state-down">'),
        (signed_in("reporter"), '<div>DC-1 <span class="state state-down">'),
    ):
        page = words(reader.get(place))
        assert seen in page
        assert against in page


@pytest.mark.usefixtures("filled")
def test_a_connection_that_nothing_probes_says_so(operator: Client) -> None:
    row = Connection.objects.get(code="KN-11-DC")
    page = words(operator.get(f"/admin/databases/connection/{row.pk}/change/"))
    assert "<dt>Endpoints</dt> <dd> nothing probes it </dd>" in page
    assert "<dt>Contradictions</dt> <dd> – </dd>" in page


@pytest.mark.usefixtures("filled")
def test_a_clerk_sees_nothing_of_the_probes_on_the_first_screen() -> None:
    page = words(signed_in("clerk").get("/admin/"))
    assert "declared and seen" not in page
