"""How does a stand-in report to the portal by itself? A signed POST, again and again."""

import asyncio
import hashlib
import hmac
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import orjson

from databases.partners.answers import LAG
from databases.partners.conversations import Clock

EVERY = 20  # seconds
AGAIN = 2  # seconds after a report that did not arrive: the portal may still be starting
_PATIENCE = 5  # seconds


@dataclass(frozen=True, slots=True)
class Receiver:
    """Where the reports of an endpoint go, and with which key they are signed."""

    portal: str  # http://127.0.0.1:8000
    endpoint: str
    key: bytes


def report(receiver: Receiver, clock: Clock) -> bytes:
    """The whole request. Its number is the second in which it was made, so that numbers grow over
    every restart."""
    now = clock()
    stamp = now.isoformat(timespec="milliseconds")
    newest = (now - LAG).isoformat(timespec="milliseconds")
    said = {"number": int(now.timestamp()), "watermark": newest, "sent_at": stamp}
    body = orjson.dumps(said)
    signature = hmac.new(receiver.key, body, hashlib.sha256).hexdigest()
    parts = urlsplit(receiver.portal)
    lines = [
        f"POST {parts.path.rstrip('/')}/heartbeats/{receiver.endpoint} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
        f"X-Signature: sha256={signature}",
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


async def send(receiver: Receiver, clock: Clock) -> bool:
    """One report; was it accepted?"""
    parts = urlsplit(receiver.portal)
    secured = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if secured else 80)
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secured)
            try:
                writer.write(report(receiver, clock))
                first = await reader.readline()
            finally:
                writer.close()
    except (OSError, ValueError):
        return False
    return first.startswith(b"HTTP/1.") and first[9:10] == b"2"


def sending(receiver: Receiver, clock: Clock) -> Callable[[], None]:
    """Report from now on; what it returns ends that."""

    async def forever() -> None:
        while True:
            accepted = await send(receiver, clock)
            await asyncio.sleep(EVERY if accepted else AGAIN)

    task = asyncio.ensure_future(forever())

    def end() -> None:
        task.cancel()

    return end
