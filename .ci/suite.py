"""Does the whole suite pass on SQLite and on PostgreSQL? Both at once, each on its own servers.

    CLOCK=23:59 TZ=America/Lima make test

begins at that minute of the ministry's day, on a server in that zone.
"""

import os
import subprocess
import sys
from tempfile import TemporaryDirectory
from threading import Lock, Thread

from clock import moved

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


class Run:
    """Pytest on one database. What it prints passes through line by line, under its name."""

    _printing = Lock()

    def __init__(self, database: str, arguments: list[str], more: dict[str, str]) -> None:
        self.name = DATABASES[database]
        self.closing = ""
        color = ["--color=yes"] if sys.stdout.isatty() else []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pytest", *color, *arguments],
            env=os.environ | more | {"TEST_DATABASE": database, "PYTHONUNBUFFERED": "1"},
            stdout=subprocess.PIPE,
            text=True,
        )
        self.reader = Thread(target=self._pass_through)
        self.reader.start()

    def _pass_through(self) -> None:
        for line in self.process.stdout or ():
            self.closing = line.strip() or self.closing
            with self._printing:
                print(f"{self.name:>10} | {line}", end="", flush=True)

    def wait(self) -> int:
        self.reader.join()
        return self.process.wait()


def main() -> int:
    clock = os.environ.get("CLOCK", "")
    with TemporaryDirectory(prefix="clock-") as folder:
        more = moved(clock, folder) if clock else {}
        runs = [Run(database, sys.argv[1:], more) for database in DATABASES]
        statuses = [run.wait() for run in runs]
    print("", *(f"{run.name}: {run.closing}" for run in runs), sep="\n")
    return max(statuses, key=abs)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        # Pytest was told by the terminal too, and has ended its servers before this line.
        sys.exit(130)
