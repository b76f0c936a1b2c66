"""tcp, fhir, soap and heartbeat: healthy, and in every failure that they name."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from databases.probes.kinds.soap import _ENVELOPE
from databases.probes.reading import Reading
from databases.probes.surroundings import Given, Heard
from tests.databases.probe_attempts import SOON, phases, probed, said
from tests.databases.probe_servers import Serving, full, hangs, http, nobody, says


def test_tcp_takes_the_connection_and_says_nothing() -> None:
    with Serving(hangs) as server:
        reading = probed("tcp", {"host": "127.0.0.1", "port": server.port})
    assert said(reading) == "ok - - connect"
    assert phases(reading) == "names connect"


def test_tcp_that_is_refused_or_hangs() -> None:
    with nobody() as port:
        assert said(probed("tcp", {"host": "::1", "port": port})) == "fail refused theirs connect"
    with full() as port:
        reading = probed("tcp", {"host": "127.0.0.1", "port": port}, timeout=SOON)
    assert said(reading) == "fail connect_timed_out network connect"


MISSING = "fail fhir_resource_missing contract content"
CAPABLE: dict[str, Any] = {
    "resourceType": "CapabilityStatement",
    "fhirVersion": "4.0.1",
    "rest": [
        {"mode": "client", "resource": [{"type": "Group"}]},
        {"mode": "server", "resource": [{"type": "Patient"}, {"type": "Encounter"}]},
    ],
}


def fhir(body: Any, status: int = 200, **spec: Any) -> Reading:
    data = body if isinstance(body, bytes) else orjson.dumps(body)
    with Serving(says(http(data, status))) as server:
        reading = probed("fhir", {"url": f"{server.url}/metadata", **spec})
    assert b"Accept: application/fhir+json\r\n" in server.heard[0]
    return reading


@pytest.mark.parametrize(
    ("body", "spec", "expected"),
    [
        (CAPABLE, {}, "ok - - content"),
        (CAPABLE, {"resources": ["Patient", "Group"]}, "ok - - content"),
        (CAPABLE, {"version": "4.0"}, "ok - - content"),
        (CAPABLE, {"version": "5."}, "fail fhir_version_differs contract content"),
        (
            CAPABLE,
            {"resources": ["Patient", "Claim"]},
            MISSING,
        ),
        (CAPABLE | {"fhirVersion": None}, {}, "fail fhir_version_differs contract content"),
        (
            CAPABLE | {"rest": 7},
            {"resources": ["Claim"]},
            MISSING,
        ),
        (
            CAPABLE | {"rest": [7, {"resource": 7}, {"resource": [7, {"type": [1]}]}]},
            {"resources": ["Claim"]},
            MISSING,
        ),
        ({"resourceType": "OperationOutcome"}, {}, "fail no_capability_statement theirs content"),
        ([CAPABLE], {}, "fail no_capability_statement theirs content"),
        ("text", {}, "fail no_capability_statement theirs content"),
        (b"<html>", {}, "fail not_json theirs content"),
        (b"x" * 300_000, {}, "fail too_large theirs content"),
    ],
)
def test_fhir_says_what_it_can_do(body: Any, spec: dict[str, Any], expected: str) -> None:
    assert said(fhir(body, **spec)) == expected


def test_fhir_from_a_cache_or_with_a_bad_status() -> None:
    with Serving(says(http("{}", 200, Age="600"))) as server:
        reading = probed("fhir", {"url": server.url})
        assert said(reading) == "fail no_capability_statement theirs content"
    assert said(fhir(CAPABLE, 503)) == "fail status_503 theirs request"
    assert said(fhir(CAPABLE, 401)) == "fail status_401 contract request"


def test_fhir_that_answers_from_a_cache_is_a_warning() -> None:
    with Serving(says(http(orjson.dumps(CAPABLE), Age="600"))) as server:
        assert said(probed("fhir", {"url": server.url})) == "warn from_a_cache - content"


WSDL = '<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/"/>'
ANSWER = _ENVELOPE.replace("%s", '<a:PingResponse xmlns:a="urn:a"/>')
CLIENT_FAULT = _ENVELOPE.replace(
    "%s", "<s:Fault><faultcode>s:Client.Auth</faultcode><faultstring>no</faultstring></s:Fault>"
)
SERVER_FAULT = _ENVELOPE.replace("%s", "<s:Fault><faultcode>s:Server</faultcode></s:Fault>")
BARE_FAULT = _ENVELOPE.replace("%s", "<s:Fault/>")
BOMB = (
    '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;&c;&c;&c;</x>'
)
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
SOAPS: dict[str, tuple[str | bytes, int, str, str]] = {
    "WSDL": (WSDL, 200, "", "ok - - content"),
    "WSDL with a mark": ("\ufeff" + WSDL, 200, "", "ok - - content"),
    "WSDL in UTF-16": (WSDL.encode("utf-16"), 200, "", "ok - - content"),
    "no WSDL": ("<html/>", 200, "", "fail no_wsdl theirs content"),
    "WSDL that fails": (WSDL, 500, "", "fail status_500 theirs request"),
    "answer": (ANSWER, 200, "urn:ping", "ok - - content"),
    "answer with 500": (ANSWER, 500, "urn:ping", "ok - - content"),
    "fault of ours": (CLIENT_FAULT, 500, "urn:ping", "fail soap_fault contract content"),
    "fault of theirs": (SERVER_FAULT, 500, "urn:ping", "fail soap_fault theirs content"),
    "fault with 200": (SERVER_FAULT, 200, "urn:ping", "fail soap_fault theirs content"),
    "bare fault": (BARE_FAULT, 500, "urn:ping", "fail soap_fault theirs content"),
    "no envelope": ("<a/>", 200, "urn:ping", "fail no_soap theirs content"),
    "no body": ("<a><b/></a>", 200, "urn:ping", "fail no_soap theirs content"),
    "page for an error": ("<html><br></html>", 500, "urn:ping", "fail status_500 theirs request"),
    "page for success": ("<html><br></html>", 200, "urn:ping", "fail not_xml theirs content"),
    "nothing": ("", 200, "", "fail not_xml theirs content"),
    "text": ("hello", 200, "", "fail not_xml theirs content"),
    "cut": (WSDL[:-2], 200, "", "fail not_xml theirs content"),
    "bomb": (BOMB, 200, "", "fail not_xml theirs content"),
    "entity from outside": (OUTSIDE, 200, "", "fail not_xml theirs content"),
    "only a type": ("<!DOCTYPE x><x/>", 200, "", "fail not_xml theirs content"),
    "unknown letters": (
        '<?xml version="1.0" encoding="klingon"?><x/>',
        200,
        "",
        "fail not_xml theirs content",
    ),
    "letters of many bytes": (
        '<?xml version="1.0" encoding="utf-7"?><x/>',
        200,
        "",
        "fail not_xml theirs content",
    ),
    "deep": ("<a>" * 30_000 + "</a>" * 30_000, 200, "", "fail no_wsdl theirs content"),
    "long": (f"<a>{'x' * 300_000}</a>", 200, "", "fail too_large theirs content"),
    "unauthorised": ("", 401, "urn:ping", "fail status_401 contract request"),
}


@pytest.mark.parametrize(("body", "status", "action", "expected"), SOAPS.values(), ids=SOAPS)
def test_soap_shows_its_wsdl_or_answers_an_empty_call(
    body: str | bytes, status: int, action: str, expected: str
) -> None:
    with Serving(says(http(body, status))) as server:
        spec = {"url": f"{server.url}/service?wsdl"} | ({"action": action} if action else {})
        reading = probed("soap", spec)
    assert said(reading) == expected
    assert reading.status == status
    method = b"POST" if action else b"GET"
    assert server.heard[0].startswith(method + b" /service?wsdl HTTP/1.1\r\n")
    if action:
        assert b'SOAPAction: "urn:ping"\r\n' in server.heard[0]
        assert server.heard[0].endswith(b"<s:Body></s:Body></s:Envelope>")


def test_soap_that_is_compressed_is_opened() -> None:
    answer = http(gzip.compress(WSDL.encode()), Content_Encoding="gzip")
    with Serving(says(answer)) as server:
        assert said(probed("soap", {"url": server.url})) == "ok - - content"


OVERDUE = "fail report_overdue theirs request"
NOW = datetime(2025, 11, 18, 1, tzinfo=UTC)


def ago(**spans: float) -> datetime:
    return NOW - timedelta(**spans)


@pytest.mark.parametrize(
    ("heard", "more", "expected", "age"),
    [
        (Heard(ago(minutes=1)), {}, "ok - - content", None),
        (Heard(ago(seconds=3_660)), {}, "ok - - content", None),
        (Heard(ago(seconds=3_661)), {}, OVERDUE, None),
        (Heard(ago(seconds=3_661)), {"grace": 61}, "ok - - content", None),
        (
            Heard(ago(seconds=90)),
            {"every": 60, "grace": 0},
            "fail report_overdue theirs request",
            None,
        ),
        (Heard(ago(minutes=1), ago(minutes=5)), {}, "ok - - content", 300),
        (Heard(ago(minutes=1), ago(minutes=5)), {"max_age": 300}, "ok - - content", 300),
        (Heard(ago(minutes=1), ago(minutes=5)), {"max_age": 299}, "warn stale - content", 300),
        (Heard(ago(minutes=1), ago(minutes=-9)), {}, "warn from_the_future - content", 0),
        (Heard(ago(minutes=1)), {"max_age": 300}, "fail watermark_missing contract content", None),
        (Heard(ago(minutes=-1)), {}, "ok - - content", None),
        (None, {}, "fail never_reported theirs request", None),
    ],
)
def test_a_heartbeat_is_judged_by_the_last_report(
    heard: Heard | None, more: dict[str, Any], expected: str, age: int | None
) -> None:
    reading = probed("heartbeat", more, Given(heard=heard), now=NOW)
    assert said(reading) == expected
    assert reading.age == age
    assert phases(reading) == ""
