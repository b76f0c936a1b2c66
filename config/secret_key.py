"""Which key signs sessions when the environment gives none? One made once and kept in var/."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def stored_secret_key(var_dir: Path, make: Callable[[], str]) -> str:
    """The key in var/secret-key; made on first use, readable by its owner only."""
    path = var_dir / "secret-key"
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once, each with a file of its own; the first key in
        # place is the one that all of them use.
        handle, fresh = tempfile.mkstemp(dir=var_dir, prefix="secret-key-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(make())
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
    return path.read_text(encoding="ascii")
