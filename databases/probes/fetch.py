"""How is something fetched over HTTP, redirects and credentials included?"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from databases.probes.address import BadTarget, Target, target_of
from databases.probes.fields import Fields
from databases.probes.http_message import Response, exchange, request
from databases.probes.judging import judge_days
from databases.probes.line import Line
from databases.probes.reading import Failed, Misconfigured
from databases.probes.surroundings import Given, Secret
from databases.probes.tls import context, days_left
from databases.rules.track import Blame, Depth

AGENT = "health-progress-portal/1"
REDIRECTS_MOST = 3
_HEADER_MOST = 1_000  # characters of a value
_RESERVED = {
    "accept-encoding",
    "authorization",
    "cache-control",
    "connection",
    "content-length",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
}
# What another host may see of a request; every other header may hold a secret.
_HARMLESS = {"Accept", "Accept-Language", "Content-Type", "SOAPAction"}
_MOVED = {301, 302, 303, 307, 308}
_BLAMES = {401: Blame.CONTRACT, 403: Blame.CONTRACT, 407: Blame.OURS, 429: Blame.OURS}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that can be sent again and again. Its credential is only ever shown to its host."""

    target: Target
    method: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)
    authorities: str = field(repr=False)
    certificate: bytes = field(repr=False)
    redirects: int
    warn_days: int
    sent: bytes = field(default=b"", repr=False)

    def ready(self) -> "Call":
        """With the bytes that go over the line."""
        named = {"Host": self.target.netloc, "User-Agent": AGENT, **dict(self.headers)}
        return replace(self, sent=request(self.method, self.target.path, named, self.body))

    def moved(self, location: str, status: int) -> "Call":
        """The same to where the answer points; another host sees nothing of ours. BadTarget."""
        moved = replace(self, target=self.target.redirect(location))
        if not moved.target.same_host(self.target):
            kept = tuple(pair for pair in self.headers if pair[0] in _HARMLESS)
            moved = replace(moved, headers=kept, certificate=b"")
        if status == 303 and self.method != "HEAD":
            moved = replace(moved, method="GET", body=b"")
        return moved.ready()


def read_call(
    fields: Fields,
    given: Given,
    *,
    method: str = "GET",
    more: Mapping[str, str] | None = None,
    body: bytes = b"",
) -> Call | None:
    """url, headers, redirects (0), warn_days (14); None when the address is at fault."""
    text = fields.text("url", needed=True)
    headers = _headers(fields) | dict(more or {})
    redirects = fields.number("redirects", 0, 0, REDIRECTS_MOST) or 0
    warn_days = fields.number("warn_days", 14, 0, 365) or 0
    try:
        target = target_of(text)
    except BadTarget as bad:
        if text:
            fields.fault("url", **bad.sentence())
        return None
    certificate = _shown(headers, given.secret, target)
    pairs = tuple(headers.items())
    call = Call(target, method, pairs, body, given.authorities, certificate, redirects, warn_days)
    return call.ready()


def _headers(fields: Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in fields.mapping("headers").items():
        plain = isinstance(value, str) and value.isascii() and value.isprintable()
        fine = plain and len(value) <= _HEADER_MOST and _is_header(name)
        if not fine or name.lower() in _RESERVED:
            fields.fault(
                "headers", f"không dùng được {name!r}", f"{name!r} cannot be sent by a probe"
            )
            continue
        found[name] = value
    return found


def _is_header(name: str) -> bool:
    return name.isascii() and name.replace("-", "").replace("_", "").isalnum()


def _shown(headers: dict[str, str], secret: Secret | None, target: Target) -> bytes:
    """Put the credential into the headers, or give it as our certificate."""
    if secret is None:
        return b""
    secret.require(target.host, "bearer", "basic", "client_certificate")
    if target.scheme != "https":
        raise Misconfigured("credential_without_tls")
    if secret.kind == "client_certificate":
        return secret.text
    if secret.kind == "bearer":
        token = secret.word()
        if not token.isascii():
            raise Misconfigured("credential_unreadable")
        headers["Authorization"] = f"Bearer {token}"
    else:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.word().encode()).decode()}"
    return b""


async def fetch(line: Line, call: Call) -> Response:
    """The answer, after at most as many redirects as the specification allows."""
    left = call.redirects
    while True:
        response = await _fetched(line, call)
        line.reading.status = status = response.status
        location = response.headers.get("location", "")
        if status not in _MOVED or not call.redirects or not location:
            break
        if not left:
            raise Failed("too_many_redirects", Blame.THEIRS, Depth.REQUEST)
        left -= 1
        try:
            call = call.moved(location, status)
        except BadTarget:
            raise Misconfigured("redirect_refused") from None
        line.start_over()
    if response.headers.get("age", "0") not in {"", "0"}:
        line.reading.warn("from_a_cache")
    return response


async def _fetched(line: Line, call: Call) -> Response:
    target = call.target
    await line.connect(target.host, target.port)
    if target.scheme == "https":
        secured = await line.secure(context(call.authorities, call.certificate), target.host)
        if call.warn_days:
            judge_days(line, days_left(secured, line.now), call.warn_days)
    return await exchange(line, call.sent, has_body=call.method != "HEAD")


def require_status(response: Response, expected: frozenset[int]) -> None:
    """Failed with whose fault such a status looks like."""
    status = response.status
    if status in expected:
        return
    blame = _BLAMES.get(status, Blame.THEIRS)
    raise Failed(f"status_{status}", blame, Depth.REQUEST, status)
