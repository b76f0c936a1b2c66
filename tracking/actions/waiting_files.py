"""Where does an uploaded file wait between its preview and its confirmation?"""

import re
import secrets
from datetime import datetime
from pathlib import Path

from django.conf import settings

LIFETIME = 24 * 60 * 60  # seconds
_NAME = re.compile(r"[0-9a-f]{32}")


def keep(data: bytes, *, now: datetime) -> str:
    """Write the file where only the portal reads and return its random name; older ones go."""
    folder = _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(folder, now)
    name = secrets.token_hex(16)
    path = folder / name
    path.touch(mode=0o600, exist_ok=False)
    path.write_bytes(data)
    return name


def waiting(name: str) -> bytes | None:
    """The content; None when it was taken or has waited for more than a day."""
    if not _NAME.fullmatch(name):
        return None
    try:
        return (_folder() / name).read_bytes()
    except FileNotFoundError:
        return None


def discard(name: str) -> None:
    if _NAME.fullmatch(name):
        (_folder() / name).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.VAR_DIR) / "imports"


def _sweep(folder: Path, now: datetime) -> None:
    for path in folder.iterdir():
        try:
            if now.timestamp() - path.stat().st_mtime > LIFETIME:
                path.unlink()
        except FileNotFoundError:
            continue  # another request swept it
