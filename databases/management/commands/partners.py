"""Stand-ins for the systems on the other side: run them, or switch one off and on."""

import asyncio
import signal
from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, pgettext

from databases.partners import switches
from databases.partners.listening import Place
from databases.partners.roster import HOST, ROSTER, StandIn, ports
from databases.partners.run import AGAIN, Became, StandIns
from tracking.management.commands._doors import REFUSED, Door


class Command(Door):
    help = (
        "Runs illustrative stand-ins for the systems on the other side, on this machine only, "
        "until Ctrl-C; --list, --stop and --start act on those that run."
    )
    # Nothing here depends on models, pages or the database.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--list", action="store_true", help="what there is, and its state")
        what.add_argument("--stop", nargs="+", metavar="CODE", help="connections are refused")
        what.add_argument("--start", nargs="+", metavar="CODE", help="listen again")
        first = settings.PARTNERS_PORT
        parser.add_argument(
            "--port", type=_first_port, default=first, help=f"their first port ({first})"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = settings.VAR_DIR / "partners"
        port: int = options["port"]
        if options["list"]:
            self._list(folder, port)
        elif codes := options["stop"] or options["start"]:
            self._switch(folder, codes, off=bool(options["stop"]))
        else:
            self.attempt(lambda: self._run(folder, port))

    def _run(self, folder: Path, port: int) -> None:
        lock = switches.claim(folder)
        if lock is None:
            self.end([_("The stand-ins of this data already run: end those first.")], REFUSED)
        with lock:
            place = Place.at(folder, port, settings.BASE_URL, timezone.now)
            asyncio.run(self._until_ended(place))
        self._say(_("The stand-ins have ended."))

    async def _until_ended(self, place: Place) -> None:
        ending = asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            asyncio.get_running_loop().add_signal_handler(number, ending.set)
        off = sorted(switches.stopped(place.folder))
        if off:
            said = _("Switched off: %(codes)s; --start CODE switches on.")
            self._say(said % {"codes": " ".join(off)})

        def told(became: Became, who: Sequence[StandIn]) -> None:
            for line in _lines(became, who, place.base):
                self._say(line)

        await StandIns(place, told).run(ending)

    def _switch(self, folder: Path, codes: Sequence[str], *, off: bool) -> None:
        unknown = [code for code in codes if code not in ROSTER]
        if unknown:
            words = {"codes": ", ".join(unknown), "known": ", ".join(ROSTER)}
            self.end([_("No stand-in is called %(codes)s; there are %(known)s.") % words], REFUSED)
        change = switches.stop if off else switches.start
        self.attempt(lambda: [change(folder, code) for code in codes])
        said = _("Switched off: %(codes)s.") if off else _("Switched on: %(codes)s.")
        self._say(said % {"codes": " ".join(codes)})
        if not switches.are_running(folder):
            self._say(_("No stand-ins run on this data; it counts once they do."))

    def _list(self, folder: Path, port: int) -> None:
        running, off = switches.are_running(folder), switches.stopped(folder)
        for code, stand_in in ROSTER.items():
            state = _("on") if running else _("not running")
            if code in off:
                state = pgettext("stand-in", "off")
            self._say(f"{state:<12} {_line(stand_in, port)}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()


def _first_port(text: str) -> int:
    """One that needs no privilege, with room above it for all of them."""
    last = 65_536 - len(ports(0))
    if not text.isdecimal() or not 1_024 <= int(text) <= last:
        said = _('"%(text)s" is no first port: give a number from 1024 to %(last)d')
        raise ArgumentTypeError(said % {"text": text, "last": last})
    return int(text)


def _line(stand_in: StandIn, base: int) -> str:
    """Where it listens and what it is, in the language of the reader."""
    vietnamese = (get_language() or "").startswith("vi")
    name = stand_in.name_vi if vietnamese else stand_in.name_en
    address = "-" if stand_in.offset is None else f"{HOST}:{stand_in.port(base)}"
    return f"{stand_in.code:<9} {address:<15} {name}"


def _lines(became: Became, who: Sequence[StandIn], base: int) -> list[str]:
    """What the log says of those that became so."""
    codes = " ".join(stand_in.code for stand_in in who)
    match became:
        case Became.STARTED:
            return [_line(stand_in, base) for stand_in in who]
        case Became.STOPPED:
            return [_("Switched off: %(codes)s.") % {"codes": codes}]
    taken = ", ".join(str(stand_in.port(base)) for stand_in in who)
    return [
        _(
            "In use by another program on %(host)s: %(ports)s. So long %(codes)s cannot listen: "
            "end that program. Tried again every %(seconds)d s."
        )
        % {"host": HOST, "ports": taken, "codes": codes, "seconds": AGAIN}
    ]
