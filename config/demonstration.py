"""What does a first start do before the portal serves? Everything, each step safe to repeat."""

import hashlib
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.utils.translation.reloader import translation_file_changed

from config.catalogue import compile_catalogue
from databases.actions.stand_ins import ZONE
from databases.models import Endpoint
from databases.partners.roster import HOST, ports
from databases.partners.switches import stopped
from tracking.actions.demonstration import ACCOUNTS, password_file

# The day of the meeting that set the progress list going.
AS_OF = date(2025, 11, 18)
LANGUAGES = ("vi", "en")
FORMATS = ("docx", "pdf", "xlsx", "html")


def prepare(say: Callable[[str], object]) -> None:
    """Words, tables, assets and data."""
    compile_messages()
    say("Bringing the database up to date.")
    call_command("migrate", verbosity=0)
    collect_assets()
    call_command("seed", "--illustrative")


def compile_messages() -> None:
    for folder in settings.LOCALE_PATHS:
        for path in Path(folder).glob("*/LC_MESSAGES/*.po"):
            if compile_catalogue(path):
                # This process may have read the words before.
                translation_file_changed(sender=None, file_path=path.with_suffix(".mo"))


def collect_assets() -> None:
    """Collect the static files unless none of them changed since the last time."""
    found = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            state = Path(storage.path(name)).stat()
            found.update(f"{name} {state.st_size} {state.st_mtime_ns}\n".encode())
    stamp = settings.VAR_DIR / "static.sha256"
    manifest = settings.STATIC_ROOT / "staticfiles.json"
    if not manifest.exists() or _read(stamp) != found.hexdigest():
        call_command("collectstatic", "--clear", interactive=False, verbosity=0)
        stamp.write_text(found.hexdigest(), encoding="ascii")


def _read(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""


def print_list() -> None:
    """The main job: the progress list of the day, in the terminal."""
    _progress_list("text", LANGUAGES[0])


def write_lists() -> list[Path]:
    """The same list as documents under var/lists, in both languages."""
    folder = settings.VAR_DIR / "lists"
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for language in LANGUAGES:
        for kind in FORMATS:
            path = folder / f"progress-list-{AS_OF}-{language}.{kind}"
            _progress_list(kind, language, "--output", str(path))
            written.append(path)
    return written


def _progress_list(kind: str, language: str, *more: str) -> None:
    options = ["--as-of", AS_OF.isoformat(), "--format", kind, "--language", language]
    call_command("progress_list", *options, *more)


def accounts() -> list[tuple[str, str]]:
    """The demonstration accounts that the seed makes: user name, role in words."""
    return [(name, str(role)) for name, role in ACCOUNTS]


def password() -> str:
    """The password that the seed made for them, kept in var/demonstration-password."""
    return password_file(settings.VAR_DIR).read_text(encoding="ascii")


def has_stand_ins() -> bool:
    """Are there endpoints that probe the stand-ins?"""
    return Endpoint.objects.filter(zone__code=ZONE).exists()


def stand_in_ports() -> range:
    return ports(settings.PARTNERS_PORT)


def stand_ins(taken: Sequence[int]) -> list[str]:
    """Where they listen, and how to take one away and bring it back; `taken`: those of their ports
    that another program holds."""
    numbers = stand_in_ports()
    command = f"{os.path.relpath(sys.executable)} manage.py partners"
    lines = [
        f"{HOST}:{numbers[0]} to {numbers[-1]}; {command} --list shows them",
        f"{command} --stop GL-01 takes one away, --start GL-01 brings it back",
    ]
    if off := sorted(stopped(settings.VAR_DIR / "partners")):
        lines.append(f"switched off: {' '.join(off)}")
    if taken:
        said = ", ".join(str(number) for number in taken)
        lines.append(f"in use by another program: {said}; the stand-ins there wait until it ends")
    return lines


def mailbox(port: int, *, waits: bool) -> list[str]:
    """Where the mail of a portal without a mail server is read; `waits`: another program holds
    the mailbox's port."""
    lines = [f"http://{HOST}:{port}/mailbox/ shows what was sent; nothing leaves this machine"]
    if waits:
        lines.append(
            f"port {settings.MAILBOX_PORT} is in use by another program, which gets the mail "
            "instead: end it, or give another MAILBOX_PORT"
        )
    return lines
