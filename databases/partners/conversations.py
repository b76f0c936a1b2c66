"""How does a stand-in speak with whoever connects? A conversation for each way of speaking."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from datetime import datetime

from databases.partners import answers
from databases.partners.answers import Request
from databases.partners.roster import LABEL, Behavior
from databases.partners.secured import Secured

Conversation = Callable[[StreamReader, StreamWriter], Awaitable[None]]
Clock = Callable[[], datetime]

_HEAD_MOST = 16_384  # bytes
_BODY_MOST = 65_536
_END = b"\r\n\r\n"


def over_https(behavior: Behavior, clock: Clock, context: ssl.SSLContext) -> Conversation:
    """One request, one answer."""

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        secured = Secured(reader, writer, context)
        try:
            request = await _request(secured.receive)
            said = answers.answer(behavior, request, clock())
        except ValueError:
            request, said = None, answers.bad_request()
        await asyncio.sleep(said.delay)
        await secured.send(said.encoded(head_only=bool(request and request.method == "HEAD")))

    return talk


async def _request(receive: Callable[[], Awaitable[bytes]]) -> Request:
    """Its body, which changes no answer, is read and forgotten. ValueError when it is none."""
    data = await receive()
    while _END not in data:
        if len(data) > _HEAD_MOST:
            raise ValueError(len(data))
        data += await receive()
    head, _, body = data.partition(_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, version = first.split(" ")
    if not version.startswith("HTTP/1."):
        raise ValueError(version)
    held, length = len(body), _length(lines)
    while held < length:
        held += len(await receive())
    return Request(method, target)


def _length(lines: list[str]) -> int:
    """Of the body, as the headers tell it."""
    headers = {name.lower(): value.strip() for name, _, value in (s.partition(":") for s in lines)}
    told = headers.get("content-length", "0")
    if not told.isdecimal() or len(told) > 9 or int(told) > _BODY_MOST:
        raise ValueError(told)
    return int(told)


async def silent(reader: StreamReader, writer: StreamWriter) -> None:
    """Take what comes and never answer, until the other side gives up."""
    while await reader.read(4_096):
        pass


async def welcoming(reader: StreamReader, writer: StreamWriter) -> None:
    """Take the connection, say who it is, and no more."""
    writer.write(f"{LABEL}\r\n".encode())
    await reader.read(4_096)
