"""Does the whole suite pass on SQLite, then on PostgreSQL? The first run that fails is the last."""

import os
import subprocess
import sys

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def run(database: str, arguments: list[str]) -> tuple[int, str]:
    """Pytest's exit status and its closing line; what it prints passes through as it comes."""
    color = ["--color=yes"] if sys.stdout.isatty() else []
    with subprocess.Popen(
        [sys.executable, "-m", "pytest", *color, *arguments],
        env=os.environ | {"TEST_DATABASE": database},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        closing = ""
        for line in process.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    return process.returncode, closing


def main() -> int:
    lines = []
    status = 0
    for database, name in DATABASES.items():
        print(f"The suite on {name}:", flush=True)
        status, closing = run(database, sys.argv[1:])
        lines.append(f"{name}: {closing}")
        if status:
            break
    print("", *lines, sep="\n")
    return status


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        # Pytest was told by the terminal too, and has ended its servers before this line.
        sys.exit(130)
