"""How does a stand-in speak with whoever connects? A conversation for each way of speaking."""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable
from datetime import datetime

from databases.partners import answers
from databases.partners.answers import Request
from databases.partners.roster import Behavior

Conversation = Callable[[StreamReader, StreamWriter], Awaitable[None]]
Clock = Callable[[], datetime]

_BODY_MOST = 65_536


def over_http(behavior: Behavior, clock: Clock) -> Conversation:
    """One request, one answer."""

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        request = await _request(reader)
        if request is None:
            said = answers.bad_request()
        else:
            said = answers.answer(behavior, request, clock())
        await asyncio.sleep(said.delay)
        writer.write(said.encoded(head_only=bool(request and request.method == "HEAD")))
        await writer.drain()

    return talk


async def _request(reader: StreamReader) -> Request | None:
    """Its body, which changes no answer, is read and forgotten; None when it is no request."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    except asyncio.LimitOverrunError:
        return None
    first, *lines = head.split("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        return None
    headers = {name.strip().lower(): value for name, _, value in (s.partition(":") for s in lines)}
    told = headers.get("content-length", "0").strip()
    if not (told.isascii() and told.isdecimal()) or int(told[:9]) > _BODY_MOST:
        return None
    await reader.readexactly(int(told))
    return Request(words[0], words[1])


async def silent(reader: StreamReader, writer: StreamWriter) -> None:
    """Take what comes and never answer, until the other side gives up."""
    while await reader.read(4_096):
        pass


async def welcoming(reader: StreamReader, writer: StreamWriter) -> None:
    """Take the connection, and no more."""
    await reader.read(4_096)
