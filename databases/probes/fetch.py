"""How is something fetched over HTTP, redirects and credentials included?"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, replace

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
_RESERVED = {"host", "connection", "content-length", "transfer-encoding", "authorization", "cookie"}
_MOVED = {301, 302, 303, 307, 308}
_BLAMES = {401: Blame.CONTRACT, 403: Blame.CONTRACT, 407: Blame.OURS, 429: Blame.OURS}


@dataclass(frozen=True, slots=True)
class Call:
    """A request that can be sent again and again. `secret` is only ever shown to its host."""

    target: Target
    method: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    authorities: str
    certificate: bytes
    redirects: int
    warn_days: int
    sent: bytes

    def moved(self, location: str) -> "Call":
        """The same to where the answer points; another host sees nothing of ours."""
        target = self.target.redirect(location)
        if target.same_host(self.target):
            return _call(replace(self, target=target, redirects=self.redirects - 1))
        kept = tuple(pair for pair in self.headers if pair[0] != "Authorization")
        stripped = replace(self, target=target, headers=kept, certificate=b"")
        return _call(replace(stripped, redirects=self.redirects - 1))


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
        fields.fault("url", **bad.sentence())
        return None
    certificate = _shown(headers, given.secret, target)
    pairs = tuple(headers.items())
    authorities = given.authorities
    return _call(
        Call(target, method, pairs, body, authorities, certificate, redirects, warn_days, b"")
    )


def _call(call: Call) -> Call:
    named = {"Host": call.target.netloc, "User-Agent": AGENT, **dict(call.headers)}
    return replace(call, sent=request(call.method, call.target.path, named, call.body))


def _headers(fields: Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in fields.mapping("headers").items():
        plain = isinstance(value, str) and value.isascii() and value.isprintable()
        fine = plain and name.replace("-", "").isalnum() and name.isascii()
        if not fine or name.lower() in _RESERVED:
            fields.fault(
                "headers", f"không dùng được {name!r}", f"{name!r} cannot be sent by a probe"
            )
            continue
        found[name] = value
    return found


def _shown(headers: dict[str, str], secret: Secret | None, target: Target) -> bytes:
    """Put the credential into the headers, or give it as our certificate."""
    if secret is None:
        return b""
    if secret.host.lower() != target.host.lower():
        raise Misconfigured("credential_for_another_host")
    if target.scheme != "https" and secret.kind in {"bearer", "basic"}:
        raise Misconfigured("credential_without_tls")
    if secret.kind == "bearer":
        headers["Authorization"] = f"Bearer {secret.text.decode()}"
    if secret.kind == "basic":
        headers["Authorization"] = f"Basic {base64.b64encode(secret.text).decode()}"
    return secret.text if secret.kind == "client_certificate" else b""


async def fetch(line: Line, call: Call) -> Response:
    """The answer, after at most as many redirects as the specification allows."""
    for _ in range(REDIRECTS_MOST + 1):
        response = await _fetched(line, call)
        line.reading.status = response.status
        location = response.headers.get("location", "")
        if response.status not in _MOVED or not call.redirects or not location:
            return response
        try:
            call = call.moved(location)
        except BadTarget:
            raise Misconfigured("redirect_refused") from None
    raise Failed("too_many_redirects", Blame.THEIRS, Depth.REQUEST)


async def _fetched(line: Line, call: Call) -> Response:
    target = call.target
    line.close()
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
