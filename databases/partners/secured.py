"""How does a stand-in speak TLS? With an alert for whom it refuses, as real servers do.

asyncio's own TLS hangs up without one, and a probe would blame the wrong side.
"""

import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from typing import TypeVar

_AT_ONCE = 16_384  # bytes

T = TypeVar("T")


class Secured:
    """TLS over a stream that is plain. The handshake comes with the first thing that is read."""

    def __init__(self, reader: StreamReader, writer: StreamWriter, context: ssl.SSLContext) -> None:
        self._reader, self._writer = reader, writer
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._spoken = context.wrap_bio(self._in, self._out, server_side=True)

    async def receive(self) -> bytes:
        """What has arrived; EOFError when the other side has ended."""
        data = await self._done(lambda: self._spoken.read(_AT_ONCE))
        if not data:
            raise EOFError
        return data

    async def send(self, data: bytes) -> None:
        await self._done(lambda: self._spoken.write(data))

    async def _done(self, step: Callable[[], T]) -> T:
        while True:
            try:
                return step()
            except ssl.SSLWantReadError:
                await self._flush()
                await self._take()
            finally:
                # Also when the step was refused: the alert that says why.
                await self._flush()

    async def _flush(self) -> None:
        self._writer.write(self._out.read())
        await self._writer.drain()

    async def _take(self) -> None:
        data = await self._reader.read(_AT_ONCE)
        if not data:
            raise EOFError
        self._in.write(data)
