"""The mailbox of a portal that has no mail server of its own."""

import asyncio
import signal
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from config.mailbox_server import AGAIN, serve
from config.processes import HOST
from tracking.management.commands._doors import Door


class Command(Door):
    help = (
        "Takes the portal's mail on this machine and keeps it in files under var/mailbox, until "
        "Ctrl-C or SIGTERM; nothing leaves the machine. The portal shows it at /mailbox/."
    )
    # Nothing here depends on models, pages or the database.
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        asyncio.run(self._until_ended())

    async def _until_ended(self) -> None:
        ending = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, ending.set)
        await serve(HOST, settings.MAILBOX_PORT, settings.MAILBOX_DIR, until=ending, told=self._say)
        self.stdout.write(_("The mailbox has ended."))

    def _say(self, listens: bool) -> None:
        words = {"host": HOST, "port": settings.MAILBOX_PORT, "seconds": AGAIN}
        said = (
            _("The mailbox takes mail at %(host)s:%(port)d.")
            if listens
            else _(
                "Port %(port)d of %(host)s is in use by another program, so that the mailbox "
                "cannot listen: end that program, or give another MAILBOX_PORT. Tried again "
                "every %(seconds)d s."
            )
        )
        self.stdout.write(said % words)
        self.stdout.flush()
