"""The endpoints of the admin: the list, the page of one, and what an operator does with it."""

import json
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override

from databases.actions.endpoints import pause_endpoint, save_endpoint, wanted_of
from databases.models import (
    Endpoint,
    EndpointChange,
    EndpointState,
    Outage,
    Party,
    ProbeRequest,
    PumpSign,
)
from databases.pages.overview import overview
from databases.pages.probe_words import kind_name
from databases.probes.described import FIELDS
from databases.probes.fields import BadSpec, Fields
from databases.probes.kinds import KINDS
from databases.probes.surroundings import Given
from tests.databases.probe_rows import MINUTE, outage_of, see
from tests.databases.probed import WANTED, make_endpoint, make_interface, make_zone
from tests.tracking.admin_people import signed_in
from tests.tracking.task_pages import words
from tracking.models import Department

pytestmark = pytest.mark.django_db

HERE = "/admin/databases/endpoint/"
HOUR = timedelta(hours=1)


@pytest.fixture
def endpoint() -> Endpoint:
    return make_endpoint(timezone.now() - HOUR, 443)


@pytest.fixture
def operator() -> Client:
    return signed_in("operator")


def page_of(client: Client, endpoint: Endpoint) -> str:
    return words(client.get(f"{HERE}{endpoint.pk}/change/"))


def codes(client: Client, query: str) -> list[str]:
    response = client.get(f"{HERE}?{query}")
    return [row.code for row in response.context["cl"].result_list]


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


# The list


def test_a_row_tells_the_state_as_shape_and_word_with_the_reason(operator: Client) -> None:
    now = timezone.now()
    down = make_endpoint(now - HOUR, 443)
    see(down, "ok fail fail fail", now - 4 * MINUTE)
    page = words(operator.get(HERE))
    assert '<span aria-hidden="true">✕</span> down' in page
    assert "failure: the connection was refused" in page
    assert "12 ms" in page
    assert "DB-CSDL-01-DC · CSDL-01-DC" in page


def test_a_new_endpoint_is_unknown_and_was_not_probed_yet(
    operator: Client, endpoint: Endpoint
) -> None:
    page = words(operator.get(HERE))
    assert '<span aria-hidden="true">○</span> unknown' in page
    assert "not probed yet" in page


def test_what_was_seen_too_long_ago_is_not_shown_as_up(operator: Client) -> None:
    now = timezone.now()
    stale = make_endpoint(now - 3 * HOUR, 443)
    see(stale, "ok ok", now - 2 * HOUR)
    assert EndpointState.objects.get(pk=stale.pk).state == "up"
    row = text_of(words(operator.get(HERE)).split("<tbody>")[1])
    line = text_of(page_of(operator, stale).split('class="state-line"')[1].split("</p>")[0])
    for text in (row, line):
        assert "○ unknown" in text
        assert "●" not in text


def test_the_list_filters_and_searches_without_accents(operator: Client) -> None:
    now = timezone.now()
    make_endpoint(now - HOUR, 443, code="E-1", name_vi="Điểm dược")
    down = make_endpoint(now - HOUR, 443, code="E-2", interface="CSDL-02-DC")
    see(down, "fail fail fail", now - 3 * MINUTE)
    make_endpoint(now - HOUR, 443, code="S-1", interface=None, sentinel_of="Mốc A")
    paused = make_endpoint(now - HOUR, 443, code="E-3", kind="tcp", spec=_port(443))
    pause_endpoint(endpoint=paused, now=now, by="an")
    assert codes(operator, "q=diem DUOC") == codes(operator, "q=Điểm dược") == ["E-1"]
    assert codes(operator, "q=csdl-02") == codes(operator, "state=down") == ["E-2"]
    assert codes(operator, "sentinel=yes") == ["S-1"]
    assert codes(operator, "sentinel=no&paused__exact=0") == ["E-1", "E-2"]
    assert codes(operator, "kind=tcp") == codes(operator, "paused__exact=1") == ["E-3"]
    assert codes(operator, "database=DB-CSDL-02-DC") == ["E-2"]
    assert codes(operator, "zone=STAND-INS") == ["E-1", "E-2", "E-3", "S-1"]
    assert codes(operator, "zone=NONE") == []


def _port(port: int) -> dict[str, Any]:
    return {"host": "127.0.0.1", "port": port}


def test_lists_cost_the_same_whatever_their_length(operator: Client) -> None:
    now = timezone.now()
    for n in range(12):
        outage_of(make_endpoint(now - HOUR, 443, code=f"E-{n}", interface=f"K-{n}"), now - HOUR)
    with CaptureQueriesContext(connection) as queries:
        overview(now)
    assert len(queries) <= 10
    paths = [HERE, *(f"/admin/databases/{name}/" for name in ("outage", "transition", "zone"))]
    for path in paths:
        with CaptureQueriesContext(connection) as queries:
            assert operator.get(path).status_code == 200
        assert len(queries) <= 10, path


def test_the_page_costs_the_same_whatever_its_history(operator: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - 5 * HOUR, 443)
    see(endpoint, "ok fail fail fail ok ok " * 30, now - 4 * HOUR)
    with CaptureQueriesContext(connection) as queries:
        assert operator.get(f"{HERE}{endpoint.pk}/change/").status_code == 200
    assert len(queries) <= 25


# Pumps


def test_a_pump_that_was_not_seen_for_30_seconds_is_told(
    operator: Client, endpoint: Endpoint
) -> None:
    def told() -> set[bool]:
        paths = ("/admin/", HERE, f"{HERE}{endpoint.pk}/change/")
        return {"No pump has been seen" in words(operator.get(path)) for path in paths}

    assert told() == {True}
    sign = PumpSign.objects.create(name="host:1", started_at=timezone.now(), seen_at=timezone.now())
    assert told() == {False}
    PumpSign.objects.filter(pk=sign.pk).update(seen_at=timezone.now() - timedelta(seconds=31))
    assert told() == {True}


def test_without_anything_to_probe_no_pump_is_missed(operator: Client) -> None:
    assert "No pump" not in words(operator.get("/admin/"))


# The page


def test_the_page_says_what_a_suspicion_waits_for(operator: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - HOUR, 443)
    see(endpoint, "ok fail fail", now - 3 * MINUTE)
    page = page_of(operator, endpoint)
    assert "suspect" in page
    assert "2 of 3 failures in a row: the last of them confirms an outage." in page
    assert "It failed at: connection. Only an answer that deep ends that." in page


def test_the_page_says_why_an_attempt_does_not_count(operator: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - HOUR, 443)
    see(endpoint, "ok blind", now - 2 * MINUTE)
    assert "Nothing is held against the other side." in page_of(operator, endpoint)
    see(endpoint, "config", now - MINUTE / 2)
    assert "our own configuration or guard refused it" in page_of(operator, endpoint)


def test_a_recovery_tells_how_far_it_has_come(operator: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - HOUR, 443)
    see(endpoint, "fail fail fail ok", now - 4 * MINUTE)
    assert "1 of 2 answers in a row: the last of them ends the outage." in page_of(
        operator, endpoint
    )


def test_every_percentage_stands_beside_its_coverage(operator: Client, endpoint: Endpoint) -> None:
    see(endpoint, "ok", timezone.now() - MINUTE)
    page = page_of(operator, endpoint)
    table = page[page.index("Uptime: up or degraded, of the time") :].split("</table>")[0]
    rows = table.split("<tbody>")[1].split("<tr>")[1:]
    assert len(rows) == 4
    for row in rows:
        cells = re.findall(r"<td[^>]*>([^<]*)</td>", row)
        assert cells[0] == "insufficient evidence"
        assert cells[1].endswith("%")


def test_the_page_shows_results_outages_parties_and_the_specification(operator: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - HOUR, 443)
    outage = outage_of(endpoint, now - 4 * MINUTE)
    assert endpoint.interface is not None
    owner = Department.objects.create(code="CB", name_vi="Cục B", order=9)
    Party.objects.create(
        connection=endpoint.interface.connection,
        role="operator",
        department=owner,
        valid_from=now.date() - timedelta(days=9),
    )
    page = page_of(operator, endpoint)
    assert "failure: the connection was refused" in page
    assert "is open. </a>" in page
    assert f"/admin/databases/outage/{outage.pk}/change/" in page
    assert "To call: operator" in page
    assert "Cục B" in page
    assert "&quot;url&quot;: &quot;http://127.0.0.1:443/&quot;" in page
    assert page.count("<svg") >= 2
    checks = words(operator.get(f"{HERE}{endpoint.pk}/checks/"))
    assert checks.count("<time") == 4


def test_a_sentinel_is_told_as_one(operator: Client) -> None:
    endpoint = make_endpoint(timezone.now(), 443, interface=None, sentinel_of="Mốc A")
    page = page_of(operator, endpoint)
    assert "A sentinel of the zone STAND-INS, owned by Mốc A" in page


def test_an_endpoint_that_is_not_there(operator: Client) -> None:
    for address in ("999/change/", "x/change/", "999/edit/", "999/checks/", "999/pause/"):
        assert operator.get(f"{HERE}{address}").status_code == 404
    assert operator.get(f"{HERE}999/probe/").status_code == 405


# Probe now


def test_probe_now_is_kept_and_the_page_tells_when_to_expect_it(
    operator: Client, endpoint: Endpoint
) -> None:
    EndpointState.objects.update(next_due_at=timezone.now() + HOUR)
    before = timezone.now()
    page = words(operator.post(f"{HERE}{endpoint.pk}/probe/", follow=True))
    assert "is probed as soon as a pump is free: its result within 15 s." in page
    assert "operator asked for a probe at" in page
    assert "Its result is not here yet" in page
    asked = ProbeRequest.objects.get()
    assert (asked.by, asked.endpoint_id) == ("operator", endpoint.pk)
    assert EndpointState.objects.get().next_due_at <= timezone.now()
    see(endpoint, "ok", timezone.now())
    assert asked.at >= before
    assert "The last result is newer than that." in page_of(operator, endpoint)


def test_the_seventh_request_within_a_minute_is_refused_in_a_sentence(
    operator: Client, endpoint: Endpoint
) -> None:
    for _n in range(6):
        operator.post(f"{HERE}{endpoint.pk}/probe/")
    page = words(operator.post(f"{HERE}{endpoint.pk}/probe/", follow=True))
    assert "Nothing was done. You asked for 6 probes within a minute" in page
    assert ProbeRequest.objects.count() == 6


def test_a_probe_is_asked_for_by_post_with_a_token_only(endpoint: Endpoint) -> None:
    operator = signed_in("operator")
    assert operator.get(f"{HERE}{endpoint.pk}/probe/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = operator.cookies
    assert strict.post(f"{HERE}{endpoint.pk}/probe/").status_code == 403
    assert strict.post(f"{HERE}{endpoint.pk}/pause/").status_code == 403
    assert not ProbeRequest.objects.exists()


def test_the_button_of_a_row_belongs_to_the_form_of_the_list(
    operator: Client, endpoint: Endpoint
) -> None:
    page = words(operator.get(HERE))
    form = page[page.index('id="changelist-form"') :].split("</form>")[0]
    assert "csrfmiddlewaretoken" in form
    assert f'formaction="{HERE}{endpoint.pk}/probe/"' in form


# Adding and changing


def filled(**changes: Any) -> dict[str, Any]:
    given = {
        "code": "E-9",
        "name_vi": "Điểm 9",
        "name_en": "",
        "interface": "CSDL-01-DC",
        "sentinel_of": "",
        "zone": "STAND-INS",
        "kind": "http",
        "spec": '{"url": "http://127.0.0.1:9443/"}',
        "interval": "60",
        "timeout": "5000",
        "parent": "",
        "credential": "",
    }
    return {**given, **changes}


def test_an_endpoint_is_added_and_unknown_until_it_is_seen(operator: Client) -> None:
    make_zone()
    make_interface()
    page = operator.post(f"{HERE}add/", filled())
    assert page.status_code == 302
    endpoint = Endpoint.objects.select_related("seen").get()
    assert (endpoint.code, endpoint.spec) == ("E-9", {"url": "http://127.0.0.1:9443/"})
    assert endpoint.seen.state == "unknown"


FAULTS: dict[str, tuple[dict[str, Any], str, str]] = {
    "no JSON": ({"spec": "{url: 1}"}, "This is no JSON: look at line 1, column 2.", ""),
    "no pairs": ({"spec": "[1]"}, "Write pairs of names and values in { }.", ""),
    "endless": ({"spec": '{"json": {"$.a": 1e999}}'}, "cannot be kept", ""),
    "zero letter": ({"spec": '{"json": {"$.a": "\\u0000"}}'}, "cannot be kept", ""),
    "half a pair": ({"spec": '{"json": {"$.a": "\\ud800"}}'}, "cannot be kept", ""),
    "missing": ({"spec": "{}"}, "url: is missing.", "url: còn thiếu."),
    "unknown field": (
        {"spec": '{"url": "http://127.0.0.1/", "urk": 1}'},
        "urk: there is no such field.",
        "urk: không có trường này.",
    ),
    "guard": (
        {"spec": '{"url": "http://10.1.2.3/"}'},
        "10.1.2.3:80 is in no approved network of the zone.",
        "10.1.2.3:80 không thuộc mạng đã được phê duyệt của vùng.",
    ),
    "always refused": (
        {"spec": '{"url": "http://169.254.169.254/"}'},
        "169.254.169.254:80 is a metadata service.",
        "169.254.169.254:80 là địa chỉ siêu dữ liệu của máy chủ.",
    ),
    "both": ({"sentinel_of": "Mốc"}, "belongs to an interface or is a sentinel", ""),
    "slow": ({"interval": "5", "timeout": "5000"}, "is not shorter than the interval", ""),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_told_in_the_readers_language_and_nothing_is_written(
    operator: Client, fault: str
) -> None:
    make_zone()
    make_interface()
    changes, english, vietnamese = FAULTS[fault]
    page = operator.post(f"{HERE}add/", filled(**changes))
    assert page.status_code == 200
    assert english in words(page)
    if vietnamese:
        with override("vi"):
            page = operator.post(
                f"{HERE}add/", filled(**changes), headers={"accept-language": "vi"}
            )
        assert vietnamese in words(page)
    assert not Endpoint.objects.exists()


BESIDE: dict[str, tuple[dict[str, Any], str]] = {
    "of the specification": ({"spec": '{"url": "http://127.0.0.1:9443/", "urk": 1}'}, "spec"),
    "of the time-out": ({"interval": "5", "timeout": "5000"}, "timeout"),
    "of the credential": ({"kind": "heartbeat", "spec": "{}"}, "credential"),
    "of no field": ({"sentinel_of": "Mốc"}, "__all__"),
}


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("fault", BESIDE)
def test_a_fault_stands_beside_its_field_in_every_language(
    operator: Client, fault: str, language: str
) -> None:
    make_zone()
    make_interface()
    changes, field = BESIDE[fault]
    with override(language):
        page = operator.post(
            f"{HERE}add/", filled(**changes), headers={"accept-language": language}
        )
    assert list(page.context["form"].errors) == [field]


def test_every_fault_is_told_at_once(operator: Client) -> None:
    make_zone()
    make_interface()
    spec = json.dumps({"url": "ftp://x", "status": [9], "slow": -1, "new": 1})
    page = words(operator.post(f"{HERE}add/", filled(spec=spec)))
    for name in ("url: ", "status: ", "slow: ", "new: "):
        assert f"<li>{name}" in page


def test_an_edit_during_an_outage_keeps_it_open_and_is_told_in_the_journal(
    operator: Client,
) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - HOUR, 443)
    outage_of(endpoint, now - 4 * MINUTE)
    form = words(operator.get(f"{HERE}{endpoint.pk}/edit/"))
    assert "An open outage stays open; it ends when the new version answers." in form
    spec = '{"url": "http://127.0.0.1:9443/"}'
    values = filled(code="E-1", name_vi=WANTED.name_vi, name_en=WANTED.name_en, spec=spec)
    assert operator.post(f"{HERE}{endpoint.pk}/edit/", values).status_code == 302
    endpoint.refresh_from_db()
    assert (endpoint.version, endpoint.spec["url"]) == (2, "http://127.0.0.1:9443/")
    assert Outage.objects.get().ended_at is None
    _added, entry = EndpointChange.objects.order_by("pk")
    before, after = entry.changes["spec"]
    assert (before["url"], after["url"]) == ("http://127.0.0.1:443/", "http://127.0.0.1:9443/")
    told = "what is asked and expected, url: http://127.0.0.1:443/ → http://127.0.0.1:9443/"
    assert f'<td>2</td> <td class="breaks"> {told} </td>' in page_of(operator, endpoint)


def test_an_edit_that_changes_nothing_leaves_no_trace(operator: Client, endpoint: Endpoint) -> None:
    values = filled(
        code="E-1",
        name_vi=WANTED.name_vi,
        name_en=WANTED.name_en,
        spec='{"url": "http://127.0.0.1:443/"}',
    )
    assert operator.post(f"{HERE}{endpoint.pk}/edit/", values).status_code == 302
    endpoint.refresh_from_db()
    assert endpoint.version == 1
    assert [entry.changes for entry in EndpointChange.objects.all()] == [{}]


def test_the_code_of_an_endpoint_is_fixed(operator: Client, endpoint: Endpoint) -> None:
    spec = '{"url": "http://127.0.0.1:443/"}'
    operator.post(f"{HERE}{endpoint.pk}/edit/", filled(code="OTHER", spec=spec))
    assert Endpoint.objects.get().code == "E-1"


def test_pause_and_resume_say_what_they_do_and_do_it(operator: Client) -> None:
    now = timezone.now()
    endpoint = make_endpoint(now - HOUR, 443)
    outage_of(endpoint, now - 4 * MINUTE)
    assert "An open outage stays open." in words(operator.get(f"{HERE}{endpoint.pk}/pause/"))
    operator.post(f"{HERE}{endpoint.pk}/pause/")
    endpoint = Endpoint.objects.get()
    assert endpoint.paused
    page = page_of(operator, endpoint)
    assert "It is not probed until it is resumed." in page
    assert f"{HERE}{endpoint.pk}/probe/" not in page
    refused = words(operator.post(f"{HERE}{endpoint.pk}/probe/", follow=True))
    assert "E-1 is paused: resume it first." in refused
    operator.post(f"{HERE}{endpoint.pk}/resume/")
    assert not Endpoint.objects.get().paused
    assert Outage.objects.get().ended_at is None
    told = [entry.changes for entry in EndpointChange.objects.order_by("pk")]
    assert told == [{}, {"paused": [False, True]}, {"paused": [True, False]}]


def test_the_form_begins_with_the_endpoint_as_it_stands(operator: Client) -> None:
    endpoint = make_endpoint(timezone.now(), 443, interval=300)
    wanted = replace(wanted_of(endpoint), parent=None)
    assert save_endpoint(wanted=wanted, now=timezone.now(), by="an").version == 1
    form = operator.get(f"{HERE}{endpoint.pk}/edit/").context["form"]
    assert form["interval"].value() == 300
    assert json.loads(form["spec"].value()) == endpoint.spec


# The fields of each kind


def read(kind: str, given: dict[str, Any]) -> Fields:
    fields = Fields(given)
    KINDS[kind].read(fields, Given())
    return fields


@pytest.mark.parametrize("kind", KINDS)
def test_the_help_describes_every_field_that_a_kind_reads_and_no_other(kind: str) -> None:
    assert read(kind, {})._read == {field.name for field in FIELDS[kind]}


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"heartbeat"}))
def test_the_help_says_which_fields_must_be_given(kind: str) -> None:
    with pytest.raises(BadSpec) as bad:
        read(kind, {}).end()
    missing = {fault["en"].partition(":")[0] for fault in bad.value.faults}
    assert missing == {field.name for field in FIELDS[kind] if not field.default}


def test_the_help_is_shown_below_the_form(operator: Client) -> None:
    page = words(operator.get(f"{HERE}add/"))
    for kind, fields in FIELDS.items():
        assert f"<summary>{kind_name(kind)}</summary>" in page
        for field in fields:
            assert f"<code>{field.name}</code>" in page
