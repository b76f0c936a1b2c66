"""Which key signs or seals when the environment gives none? One made once and kept in var/."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path


def stored_secret_key(var_dir: Path, make: Callable[[], str], name: str = "secret-key") -> str:
    """The key in var/ of that name; made on first use, readable by its owner only."""
    path = var_dir / name
    if not path.exists():
        var_dir.mkdir(parents=True, exist_ok=True)
        # Several processes may start at once, each with a file of its own; the first key in
        # place is the one that all of them use.
        handle, fresh = tempfile.mkstemp(dir=var_dir, prefix=f"{name}-")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(make())
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        finally:
            os.unlink(fresh)
    return path.read_text(encoding="ascii")
