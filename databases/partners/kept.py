"""What do the stand-ins keep on disk? Readable by its owner only, written whole or not at all."""

import fcntl
import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# What the stand-in of PostgreSQL asks for, and what a heartbeat is signed with.
PASSWORD, SIGNING_KEY = "database-password", "signing-key"


def made(folder: Path) -> Path:
    """The folder, made when it is not there."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two processes that start at once make one authority, not two halves of it."""
    with (made(folder) / "lock").open("w") as lock:
        os.fchmod(lock.fileno(), 0o600)
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def write(path: Path, data: bytes) -> None:
    handle, fresh = tempfile.mkstemp(dir=path.parent, prefix=f"{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        os.replace(fresh, path)
    except BaseException:
        os.unlink(fresh)
        raise


def secret(folder: Path, name: str) -> bytes:
    """A random text of that name, made on first use."""
    path = folder / name
    with alone(folder):
        if not path.exists():
            write(path, secrets.token_urlsafe(24).encode())
        return path.read_bytes()
