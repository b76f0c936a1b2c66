"""One HTTP/1.1 exchange: a request as bytes, and a response that cannot grow without bound."""

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from databases.probes.line import Line
from databases.probes.reading import Failed
from databases.rules.track import Blame, Depth

HEAD_MOST = 32_768  # bytes
BODY_MOST = 262_144
INFLATED_MOST = 1_048_576
RATIO_MOST = 20
_LINE_MOST = 64  # of a chunk's size


@dataclass(slots=True)
class Response:
    """`headers` with names in lower case; `cut`: the body was longer than what is kept."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False


def request(method: str, path: str, headers: Mapping[str, str], body: bytes = b"") -> bytes:
    """`headers` includes Host; the connection ends with the answer, and no cache may give it."""
    lines = [f"{method} {path} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += ["Connection: close", "Cache-Control: no-cache", "Accept-Encoding: identity"]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def no_http() -> Failed:
    return Failed("not_http", Blame.THEIRS, Depth.REQUEST)


async def exchange(line: Line, sent: bytes, *, has_body: bool = True) -> Response:
    """Send the request and read the answer; Failed when it is none."""
    await line.send(sent)
    head, rest = await _head(line)
    response = _parsed(head)
    while 100 <= response.status < 200:
        head, rest = await _head(line, rest)
        response = _parsed(head)
    if not has_body or response.status in {204, 304}:
        return response
    await _body(line, response, rest)
    _inflate(response)
    return response


async def _head(line: Line, data: bytes = b"") -> tuple[bytes, bytes]:
    while (end := data.find(b"\r\n\r\n")) < 0:
        if len(data) > HEAD_MOST:
            raise Failed("too_large", Blame.THEIRS, Depth.REQUEST)
        more = await line.receive()
        if not more:
            reason = "not_http" if data else "closed_without_answer"
            raise Failed(reason, Blame.THEIRS, Depth.REQUEST)
        data += more
    return data[:end], data[end + 4 :]


def _parsed(head: bytes) -> Response:
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(" ", 2)
    if not words[0].startswith("HTTP/1.") or len(words) < 2 or not words[1].isdecimal():
        raise no_http()
    headers = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon:
            raise no_http()
        headers[name.strip().lower()] = value.strip()
    return Response(int(words[1][:3]), headers)


async def _body(line: Line, response: Response, data: bytes) -> None:
    if "chunked" in response.headers.get("transfer-encoding", "").lower():
        await _chunks(line, response, data)
        return
    told = response.headers.get("content-length", "")
    if told and not told.isdecimal():
        raise no_http()
    length = int(told) if told else None
    most = BODY_MOST if length is None else min(length, BODY_MOST)
    pieces, held = [data], len(data)
    while held < most:
        more = await line.receive()
        if not more:
            break
        pieces.append(more)
        held += len(more)
    if length is not None and held < most:
        raise Failed("answer_cut_off", Blame.THEIRS, Depth.REQUEST)
    response.body = b"".join(pieces)[:most]
    response.cut = held > BODY_MOST or (length or 0) > BODY_MOST


async def _chunks(line: Line, response: Response, data: bytes) -> None:
    pieces: list[bytes] = []
    held = 0
    while True:
        data = await _until(line, data, b"\r\n")
        size, _, data = data.partition(b"\r\n")
        length = _size(size)
        if not length:
            break
        while len(data) < length + 2 and held + len(data) <= BODY_MOST:
            data += await _more(line)
        pieces.append(data[:length])
        held += min(length, len(data))
        data = data[length + 2 :]
        if held >= BODY_MOST:
            response.cut = True
            break
    response.body = b"".join(pieces)[:BODY_MOST]


def _size(text: bytes) -> int:
    try:
        return int(text.partition(b";")[0].strip() or b"x", 16)
    except ValueError:
        raise no_http() from None


async def _until(line: Line, data: bytes, end: bytes) -> bytes:
    while end not in data:
        if len(data) > _LINE_MOST:
            raise no_http()
        data += await _more(line)
    return data


async def _more(line: Line) -> bytes:
    more = await line.receive()
    if not more:
        raise Failed("answer_cut_off", Blame.THEIRS, Depth.REQUEST)
    return more


def _inflate(response: Response) -> None:
    """Of one that is compressed although we asked for none; a bomb is a failure, not ours."""
    coding = response.headers.get("content-encoding", "identity").lower()
    if coding in {"identity", ""} or not response.body:
        return
    if coding not in {"gzip", "deflate"}:
        raise Failed("unknown_coding", Blame.THEIRS, Depth.CONTENT)
    most = min(INFLATED_MOST, max(RATIO_MOST * len(response.body), 4_096))
    machine = zlib.decompressobj(zlib.MAX_WBITS | 32)
    try:
        response.body = machine.decompress(response.body, most)
    except zlib.error:
        raise Failed("answer_unreadable", Blame.THEIRS, Depth.CONTENT) from None
    if machine.unconsumed_tail:
        raise Failed("too_large", Blame.THEIRS, Depth.CONTENT)
