"""Who takes the mail of a portal without a mail server? One that only listens on this machine, and
keeps what it takes in the mailbox."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from config.mailbox import keep

AGAIN = 5  # seconds between two tries to listen on a port that another program holds
_PATIENCE = 6.0  # seconds for talks that go on when the end is asked for
_LARGEST = 40_000_000  # bytes of one mail

_log = logging.getLogger("config.mailbox")


class Keeper:
    """Says that a mail is taken only once it is on the disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(  # noqa: N802  # aiosmtpd finds it by this name
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        try:
            name = keep(
                self.folder,
                envelope.original_content or b"",
                envelope.mail_from or "",
                envelope.rcpt_tos,
            )
        except OSError as error:
            _log.warning("A mail could not be kept: %s", error)
            return "452 4.3.1 The mailbox cannot write"
        return f"250 2.0.0 Kept as {name}"


class Talk(SMTP):
    """One connection; the server waits for those that go on when it ends."""

    def __init__(self, going_on: set["Talk"], keeper: Keeper) -> None:
        # Named here: asking the machine for its own name may take seconds.
        super().__init__(
            keeper,
            hostname="mailbox.localhost",
            ident="The portal's own mailbox: nothing leaves this machine",
            enable_SMTPUTF8=True,
            data_size_limit=_LARGEST,
            timeout=60,
            loop=asyncio.get_running_loop(),
        )
        self.going_on = going_on

    def connection_made(self, transport: Any) -> None:
        self.going_on.add(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.going_on.discard(self)
        super().connection_lost(error)


async def serve(
    host: str,
    port: int,
    folder: Path,
    *,
    until: asyncio.Event,
    told: Callable[[bool], object],
    again: float = AGAIN,
) -> None:
    """Listen until the event is set; `told` True when it listens, False when the port is another
    program's, which is tried again every `again` seconds."""
    going_on: set[Talk] = set()

    def talk() -> Talk:
        return Talk(going_on, Keeper(folder))

    loop = asyncio.get_running_loop()
    server = None
    said = False
    while server is None and not until.is_set():
        try:
            server = await loop.create_server(talk, host, port)
        except OSError:
            if not said:
                told(False)
            said = True
            await _either(until, again)
    if server is None:
        return
    told(True)
    await until.wait()
    server.close()
    deadline = loop.time() + _PATIENCE
    while going_on and loop.time() < deadline:
        await asyncio.sleep(0.05)


async def _either(event: asyncio.Event, seconds: float) -> None:
    """Until the event is set, or that long."""
    try:
        await asyncio.wait_for(event.wait(), seconds)
    except TimeoutError:
        pass
