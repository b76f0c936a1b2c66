"""The key that signs sessions, made by whoever starts first."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Barrier

from config.secret_key import stored_secret_key


def test_however_many_start_at_once_they_share_one_key(tmp_path: Path) -> None:
    for attempt in range(20):
        folder, together, numbers = tmp_path / str(attempt), Barrier(8), count()

        def start(_: int, folder: Path = folder, together: Barrier = together) -> str:
            together.wait(timeout=10)
            return stored_secret_key(folder, lambda: f"key-{next(numbers)}")  # noqa: B023

        with ThreadPoolExecutor(8) as pool:
            keys = set(pool.map(start, range(8)))
        assert len(keys) == 1
        assert [path.name for path in folder.iterdir()] == ["secret-key"]
        assert (folder / "secret-key").stat().st_mode & 0o777 == 0o600
