"""How does a stand-in pass for PostgreSQL? Just enough of version 3.0 of its protocol for libpq.

The statements that it answers are those of the kind of probe; to any other it says that it is none.
"""

import hmac
from asyncio import StreamReader, StreamWriter
from datetime import datetime, timedelta

from databases.partners.conversations import Clock, Conversation
from databases.partners.roster import LABEL_EN

_LAG = timedelta(seconds=90)
_MOST = 10_000  # bytes of a message
_WITHOUT = {80_877_103, 80_877_104}  # "may I speak TLS?", "may I speak GSS?"
_MAJOR = 3
_TOLD = {
    "server_version": f"16.0 ({LABEL_EN})",
    "server_encoding": "UTF8",
    "client_encoding": "UTF8",
    "integer_datetimes": "on",
    "standard_conforming_strings": "on",
    "default_transaction_read_only": "on",
}
_TEXT, _WHOLE = 25, 23  # numbers of types


def as_postgres(password: bytes, clock: Clock) -> Conversation:
    """Lets in who knows the password, whatever the user and the database are called."""

    async def talk(reader: StreamReader, writer: StreamWriter) -> None:
        if not await _let_in(reader, writer, password):
            await writer.drain()
            return
        while True:
            await writer.drain()
            kind, body = await _message(reader)
            if kind == b"X":
                return
            writer.write(_reply(kind, body, clock()))

    return talk


async def _let_in(reader: StreamReader, writer: StreamWriter, password: bytes) -> bool:
    if not await _begun(reader, writer):
        return False
    writer.write(_encoded(b"R", _four(3)))  # the password, please
    await writer.drain()
    kind, body = await _message(reader)
    if kind != b"p" or not hmac.compare_digest(body.rstrip(b"\0"), password):
        writer.write(_error("FATAL", "28P01", "password authentication failed"))
        return False
    writer.write(_encoded(b"R", _four(0)))
    for name, value in _TOLD.items():
        writer.write(_encoded(b"S", f"{name}\0{value}\0".encode()))
    writer.write(_ready())
    return True


async def _begun(reader: StreamReader, writer: StreamWriter) -> bool:
    """Was it asked to start a session, after as many questions for encryption as there are?"""
    for _ in range(3):
        body = await _body(reader)
        wanted = int.from_bytes(body[:4], "big")
        if wanted not in _WITHOUT:
            return wanted >> 16 == _MAJOR
        writer.write(b"N")
        await writer.drain()
    return False


async def _message(reader: StreamReader) -> tuple[bytes, bytes]:
    return await reader.readexactly(1), await _body(reader)


async def _body(reader: StreamReader) -> bytes:
    length = int.from_bytes(await reader.readexactly(4), "big")
    if not 4 <= length <= _MOST:
        raise ValueError(length)
    return await reader.readexactly(length - 4)


def _reply(kind: bytes, body: bytes, now: datetime) -> bytes:
    if kind == b"Q":
        return _answer(body.rstrip(b"\0").decode(errors="replace"), now) + _ready()
    if kind == b"S":
        return _ready()
    # Of the extended protocol nothing is known; its end is the S above.
    return _error("ERROR", "0A000", f"not supported: {LABEL_EN}") if kind == b"P" else b""


def _answer(statement: str, now: datetime) -> bytes:
    text = " ".join(statement.lower().rstrip("; ").split())
    if text == "select 1":
        return _row("?column?", _WHOLE, "1")
    if text == "select extract(epoch from now())":
        return _row("extract", _TEXT, f"{now.timestamp():.6f}")
    if text == "select extract(epoch from max(updated_at)) from sync_log":
        return _row("extract", _TEXT, f"{(now - _LAG).timestamp():.6f}")
    return _error("ERROR", "42601", f"only a few fixed statements are answered: {LABEL_EN}")


def _row(name: str, type_number: int, value: str) -> bytes:
    """A result of one column and one row."""
    column = b"".join(
        [name.encode() + b"\0", _four(0), _two(0), _four(type_number), _two(-1), _four(-1), _two(0)]
    )
    data = value.encode()
    return (
        _encoded(b"T", _two(1) + column)
        + _encoded(b"D", _two(1) + _four(len(data)) + data)
        + _encoded(b"C", b"SELECT 1\0")
    )


def _error(severity: str, state: str, text: str) -> bytes:
    fields = f"S{severity}\0V{severity}\0C{state}\0M{text}\0\0"
    return _encoded(b"E", fields.encode())


def _ready() -> bytes:
    return _encoded(b"Z", b"I")


def _encoded(kind: bytes, body: bytes) -> bytes:
    return kind + _four(len(body) + 4) + body


def _two(number: int) -> bytes:
    return number.to_bytes(2, "big", signed=True)


def _four(number: int) -> bytes:
    return number.to_bytes(4, "big", signed=True)
