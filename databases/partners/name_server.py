"""How does a stand-in answer for names? Over UDP, with this machine's address for one domain."""

import asyncio
from asyncio import DatagramTransport
from typing import Any, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from databases.partners.roster import HOST, LABEL_EN

DOMAIN = "gia-lap.test"  # .test is set aside for this by RFC 6761
_ZONE = dns.name.from_text(DOMAIN)
_LIVES = 30  # seconds
_RECORDS = {dns.rdatatype.A: HOST, dns.rdatatype.TXT: f'"{LABEL_EN}"'}


class NameServer(asyncio.DatagramProtocol):
    """Anybody may send a datagram: what is no question gets no answer."""

    def connection_made(self, transport: Any) -> None:
        self._transport = cast(DatagramTransport, transport)

    def datagram_received(self, data: bytes, sender: Any) -> None:
        said = reply(data)
        if said is not None:
            self._transport.sendto(said, sender)


def reply(data: bytes) -> bytes | None:
    """To a question as it came over the wire."""
    try:
        asked = dns.message.from_wire(data)
        said = dns.message.make_response(asked)
    except (dns.exception.DNSException, ValueError):
        return None
    if len(asked.question) != 1:
        said.set_rcode(dns.rcode.FORMERR)
        return said.to_wire()
    question = asked.question[0]
    if not question.name.is_subdomain(_ZONE):
        said.set_rcode(dns.rcode.NXDOMAIN)
        return said.to_wire()
    said.flags |= dns.flags.AA
    record = _RECORDS.get(question.rdtype)
    if record:
        kind = dns.rdatatype.to_text(question.rdtype)
        said.answer.append(dns.rrset.from_text(question.name, _LIVES, "IN", kind, record))
    return said.to_wire()
