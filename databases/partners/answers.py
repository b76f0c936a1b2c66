"""What does a stand-in answer over HTTP? It is told the instant, and waits for nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from xml.sax.saxutils import escape

import orjson

from databases.partners.roster import LABEL, LABEL_EN, Behavior

LAG = timedelta(seconds=90)  # of the newest data of one that is fresh
STALE = timedelta(days=6)
DELAY = 1.5  # seconds of one that is slow
# Half of every minute it fails: often enough to be seen as flapping at a probe every 15 s.
_FLAP_PERIOD = 60
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    target: str


@dataclass(frozen=True, slots=True)
class Answer:
    """`delay`: seconds before it is sent."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    delay: float = 0.0

    def encoded(self, *, head_only: bool = False) -> bytes:
        lines = [
            f"HTTP/1.1 {self.status} {LABEL_EN}",
            f"Content-Type: {self.media_type}",
            f"Content-Length: {len(self.body)}",
            f"X-Stand-In: {LABEL_EN}",
            "Cache-Control: no-store",
            "Connection: close",
        ]
        head = "\r\n".join([*lines, "", ""]).encode("ascii")
        return head if head_only else head + self.body


def answer(behavior: Behavior, request: Request, now: datetime) -> Answer:
    """What one that behaves so says to the request at that instant."""
    return _ANSWERS.get(behavior, _fresh)(request, now)


def bad_request() -> Answer:
    return _json({"error": "no HTTP request"}, status=400)


def is_failing(now: datetime) -> bool:
    """One that flaps, at that instant."""
    return now.timestamp() % _FLAP_PERIOD >= _FLAP_PERIOD / 2


def _json(value: dict[str, object], status: int = 200, delay: float = 0.0) -> Answer:
    return Answer(orjson.dumps({"system": LABEL, **value}), status, delay=delay)


def _said(newest: datetime) -> dict[str, object]:
    return {"status": "ok", "newest": newest.isoformat(timespec="seconds")}


def _fresh(request: Request, now: datetime) -> Answer:
    return _json(_said(now - LAG))


def _stale(request: Request, now: datetime) -> Answer:
    return _json(_said(now - STALE))


def _slow(request: Request, now: datetime) -> Answer:
    return _json(_said(now - LAG), delay=DELAY)


def _failing(request: Request, now: datetime) -> Answer:
    return _json({"status": "error"}, status=500)


def _flapping(request: Request, now: datetime) -> Answer:
    return _json({"status": "error"}, status=503) if is_failing(now) else _fresh(request, now)


def _fhir(request: Request, now: datetime) -> Answer:
    if request.target.partition("?")[0].rstrip("/").endswith("/metadata"):
        said, status = _capabilities(now), 200
    else:
        issue = {"severity": "error", "code": "not-found", "diagnostics": LABEL}
        said, status = {"resourceType": "OperationOutcome", "issue": [issue]}, 404
    return Answer(orjson.dumps(said), status, "application/fhir+json")


def _capabilities(now: datetime) -> dict[str, object]:
    """A CapabilityStatement of FHIR R4 with what its definition demands of an instance."""
    resources = [
        {"type": name, "interaction": [{"code": "read"}, {"code": "search-type"}]}
        for name in ("Patient", "Organization", "Encounter")
    ]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "experimental": True,
        "date": now.date().isoformat(),
        "kind": "instance",
        "software": {"name": LABEL},
        "implementation": {"description": LABEL},
        "fhirVersion": "4.0.1",
        "format": ["json"],
        "rest": [{"mode": "server", "resource": resources}],
    }


def _soap(request: Request, now: datetime) -> Answer:
    if request.method == "POST":
        said = f'<PingResponse xmlns="urn:stand-in"><system>{escape(LABEL)}</system></PingResponse>'
        return _xml(f'<s:Envelope xmlns:s="{_SOAP}"><s:Body>{said}</s:Body></s:Envelope>')
    return _xml(_WSDL)


def _xml(text: str) -> Answer:
    body = f'<?xml version="1.0" encoding="utf-8"?>{text}'.encode()
    return Answer(body, media_type="text/xml; charset=utf-8")


_WSDL = (
    '<w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:stand-in" '
    'targetNamespace="urn:stand-in">'
    f"<w:documentation>{escape(LABEL)}</w:documentation>"
    '<w:message name="Ping"/><w:message name="PingResponse"/>'
    '<w:portType name="StandIn"><w:operation name="Ping">'
    '<w:input message="t:Ping"/><w:output message="t:PingResponse"/>'
    "</w:operation></w:portType></w:definitions>"
)
_ANSWERS: dict[Behavior, Callable[[Request, datetime], Answer]] = {
    Behavior.STALE: _stale,
    Behavior.SLOW: _slow,
    Behavior.FAILING: _failing,
    Behavior.FLAPPING: _flapping,
    Behavior.FHIR: _fhir,
    Behavior.SOAP: _soap,
}
