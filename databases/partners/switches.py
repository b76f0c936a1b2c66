"""Which stand-ins are switched off, and do they run at all? Files tell one process of another."""

import fcntl
import os
from pathlib import Path
from typing import IO

from databases.partners.kept import made
from databases.partners.roster import ROSTER


def stopped(folder: Path) -> frozenset[str]:
    """Their codes; they stay off until somebody switches them on."""
    return frozenset(code for code in ROSTER if (folder / "stopped" / code).exists())


def stop(folder: Path, code: str) -> None:
    (made(made(folder) / "stopped") / code).touch()


def start(folder: Path, code: str) -> None:
    (folder / "stopped" / code).unlink(missing_ok=True)


def claim(folder: Path) -> IO[str] | None:
    """The lock of the one process that runs the stand-ins of this folder; None when another does.
    It ends with the file that is returned."""
    path = made(folder) / "running.pid"
    path.touch(mode=0o600)
    file = path.open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        return None
    file.truncate(0)
    file.write(f"{os.getpid()}\n")
    file.flush()
    return file


def are_running(folder: Path) -> bool:
    """Does a process hold them?"""
    try:
        with (folder / "running.pid").open(encoding="ascii") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False
