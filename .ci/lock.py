"""How are the requirement files made? From pyproject.toml, hashed, without any address in them."""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "requirements"
COMPILE = "-m uv pip compile --quiet --universal --generate-hashes --python-version 3.11".split()
# No header (it names this command's paths), no index addresses, no notes of origin.
BARE = "--no-header --no-annotate --no-emit-index-url --no-emit-find-links".split()


def write(name: str, source: str, *options: str) -> None:
    target = str(LOCKS / f"{name}.txt")
    command = [sys.executable, *COMPILE, *BARE, *options, "--output-file", target, source]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:
        raise SystemExit(f"requirements/{name}.txt could not be resolved; uv says why above.")


def main() -> None:
    write("base", "pyproject.toml")
    # One resolution for both: the tools may not move what the portal runs on.
    write("dev", "pyproject.toml", "--group", "dev", "--constraint", str(LOCKS / "base.txt"))
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "uv.in"
        wanted.write_text("uv\n", encoding="utf-8")
        write("uv", str(wanted))


if __name__ == "__main__":
    main()
