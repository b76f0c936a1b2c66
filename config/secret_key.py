"""Which key signs sessions when the environment gives none? One made once and kept in var/."""

from collections.abc import Callable
from pathlib import Path


def stored_secret_key(var_dir: Path, make: Callable[[], str]) -> str:
    """The key in var/secret-key; made on first use, readable by its owner only."""
    path = var_dir / "secret-key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(make(), encoding="ascii")
        # Two processes may start at once; the first key in place is the one both use.
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            pass
        fresh.unlink(missing_ok=True)
    return path.read_text(encoding="ascii")
