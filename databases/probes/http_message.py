"""One HTTP/1.1 exchange: a request as bytes, and a response that cannot grow without bound."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from databases.probes.http_body import body_of, no_http
from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.rules.track import Blame, Depth

HEAD_MOST = 32_768  # bytes
INFLATED_MOST = 1_048_576
RATIO_MOST = 20
_INTERIM_MOST = 8  # answers such as "100 Continue" before the real one
_SEPARATOR = b"\r\n\r\n"
_BEGINNING = b"HTTP/1."
_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32


@dataclass(slots=True)
class Response:
    """`headers` with names in lower case; `cut`: the body was longer than what is kept."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = field(default=b"", repr=False)
    cut: bool = False


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """`headers` includes Host; the connection ends with the answer, and no cache may give it."""
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Connection: close", "Cache-Control: no-cache", "Accept-Encoding: identity"]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


async def exchange(line: Line, sent: bytes, *, has_body: bool = True) -> Response:
    """Send the request and read the answer; Failed when it is none."""
    await line.send(sent)
    head, rest = await _head(line)
    response = _parsed(head)
    for _ in range(_INTERIM_MOST):
        if response.status >= 200 or response.status == 101:
            break
        head, rest = await _head(line, rest)
        response = _parsed(head)
    else:
        raise no_http()
    if has_body and response.status not in {101, 204, 304}:
        response.body, response.cut = await body_of(line, response.headers, rest)
    return response


async def _head(line: Line, data: bytes = b"") -> tuple[bytes, bytes]:
    sought = 0
    while (end := data.find(_SEPARATOR, sought)) < 0:
        if not _BEGINNING.startswith(data[:7]):
            # Whoever speaks something else may wait for ever for a word of ours.
            raise no_http()
        if len(data) > HEAD_MOST:
            raise Failed("too_large", Blame.THEIRS, Depth.REQUEST)
        sought = max(0, len(data) - 3)
        more = await line.receive()
        if not more:
            reason = "not_http" if data else "closed_without_answer"
            raise Failed(reason, Blame.THEIRS, Depth.REQUEST)
        data += more
    return data[:end], data[end + 4 :]


def _parsed(head: bytes) -> Response:
    first, *lines = head.decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    status = rest[:3]
    plain = status.isdecimal() and len(status) == 3 and rest[3:4] in {"", " "}
    if version not in {"HTTP/1.1", "HTTP/1.0"} or not plain or status < "100":
        raise no_http()
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        name, value = name.lower(), value.strip(" \t")
        # A space before the colon, or a line that continues another, is read in two ways.
        if not colon or not name or name != name.strip():
            raise no_http()
        if name == "content-length" and headers.get(name, value) != value:
            raise no_http()
        headers[name] = value
    return Response(int(status), headers)


def content(response: Response) -> bytes:
    """The body as it was meant. One that is compressed although we asked for none is opened, once
    and within bounds: a bomb is a failure of theirs, not of ours."""
    coding = response.headers.get("content-encoding", "").lower()
    if coding in {"identity", ""} or not response.body:
        return response.body
    if coding not in {"gzip", "x-gzip", "deflate"}:
        raise Failed("unknown_coding", Blame.THEIRS, Depth.CONTENT)
    most = min(INFLATED_MOST, max(RATIO_MOST * len(response.body), 4_096))
    machine = zlib.decompressobj(_GZIP_OR_ZLIB)
    try:
        opened = machine.decompress(response.body, most)
    except zlib.error:
        raise Failed("answer_unreadable", Blame.THEIRS, Depth.CONTENT) from None
    if machine.unconsumed_tail or response.cut:
        raise Failed("too_large", Blame.THEIRS, Depth.CONTENT)
    if not machine.eof:
        raise Failed("answer_cut_off", Blame.THEIRS, Depth.CONTENT)
    return opened
