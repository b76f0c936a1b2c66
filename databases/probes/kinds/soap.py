"""Does a SOAP service show its WSDL, and answer an empty call without a fault?"""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from databases.probes.fetch import Call, fetch, read_call, require_status
from databases.probes.fields import Fields
from databases.probes.http_message import Response, content
from databases.probes.judging import judge_time
from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.probes.surroundings import Given
from databases.rules.track import Blame, Depth

DEPTH = Depth.CONTENT
_WSDL = "{http://schemas.xmlsoap.org/wsdl/}definitions"
_SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    f'<s:Envelope xmlns:s="{_SOAP}"><s:Body>%s</s:Body></s:Envelope>'
)


@dataclass(frozen=True, slots=True)
class Spec:
    call: Call | None
    wsdl: bool
    slow: int | None


def read(fields: Fields, given: Given) -> Spec:
    """url (with ?wsdl to read the description; else an empty call is made), action (SOAPAction of
    the call), slow; headers, redirects and warn_days as with http."""
    action = fields.text("action")
    if not action.isascii() or '"' in action:
        fields.fault("action", "chỉ gồm chữ ASCII, không có dấu nháy", "must be ASCII, no quotes")
        action = ""
    wsdl = not action
    more = {} if wsdl else {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{action}"'}
    body = b"" if wsdl else (_ENVELOPE % "").encode()
    call = read_call(fields, given, method="GET" if wsdl else "POST", more=more, body=body)
    return Spec(call, wsdl, fields.number("slow", None, 1, 60_000))


async def probe(line: Line, spec: Spec) -> None:
    if spec.call is None:
        return
    response = await fetch(line, spec.call)
    # SOAP 1.1 sends a fault with status 500; the fault says more than the status.
    require_status(response, frozenset({200} if spec.wsdl else {200, 500}))
    line.reading.depth = line.depth = DEPTH
    try:
        root = _xml(response)
    except Failed:
        require_status(response, frozenset({200}))
        raise
    if spec.wsdl and root.tag != _WSDL:
        raise Failed("no_wsdl", Blame.THEIRS, DEPTH)
    if not spec.wsdl:
        _require_answer(root)
    judge_time(line, spec.slow)


def _xml(response: Response) -> Element:
    if response.cut:
        raise Failed("too_large", Blame.THEIRS, DEPTH)
    try:
        root: Element = fromstring(content(response), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Failed("not_xml", Blame.THEIRS, DEPTH) from None
    return root


def _require_answer(root: Element) -> None:
    body = root.find(f"{{{_SOAP}}}Body")
    if root.tag != f"{{{_SOAP}}}Envelope" or body is None:
        raise Failed("no_soap", Blame.THEIRS, DEPTH)
    fault = body.find(f"{{{_SOAP}}}Fault")
    if fault is None:
        return
    code = (fault.findtext("faultcode") or "").rpartition(":")[2]
    blame = Blame.CONTRACT if code.startswith("Client") else Blame.THEIRS
    raise Failed("soap_fault", blame, DEPTH)
