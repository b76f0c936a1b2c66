"""The portal served to a real browser: what the suites that drive Chromium share."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import PATIENCE, ROOT, environment, manage, own_database
from tests.servers import free_port

CHROMIUM = shutil.which("chromium")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
PICTURES = Path(os.environ.get("PICTURES", ROOT / "var" / "pictures"))


def seen_on(database: str) -> list[pytest.MarkDecorator]:
    """Marks of a module that drives Chromium: on one database, since both draw the same pages."""
    given = os.environ.get("TEST_DATABASE", "sqlite")
    return [
        pytest.mark.browser,
        pytest.mark.skipif(given != database, reason=f"the run on {database} looks at these pages"),
        pytest.mark.skipif(
            CHROMIUM is None and os.environ.get("CI") != "true",
            reason="no Chromium: apt-get install chromium",
        ),
    ]


# A row of everything that the probes' pages show.
FILLED = """
from django.utils import timezone
from tests.databases.probe_rows import fill
fill(timezone.now())
"""
DEMONSTRATION = (
    ("collectstatic", "--no-input", "-v", "0"),
    ("messages",),
    ("seed", "--illustrative"),
    ("issue_list", "--as-of", "2025-11-18"),
    ("shell", "-v", "0", "-c", FILLED),
)


@contextmanager
def served(url: str, folder: Path) -> Iterator[str]:
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--no-control-socket"]
    server = subprocess.Popen(
        [*command, "--bind", f"127.0.0.1:{port}", "--threads", "4"],
        cwd=ROOT,
        env=environment(url, folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5)
                break
            except OSError:
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(PATIENCE)


@contextmanager
def demonstrated(folder: Path, *more: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(address, password of the demonstration accounts) of a portal after these commands too"""
    with own_database(folder) as url:
        for command in (*DEMONSTRATION, *more):
            done = manage(url, folder, *command)
            assert done.returncode == 0, done.stderr.decode()
        password = (folder / "demonstration-password").read_text(encoding="ascii")
        with served(url, folder) as address:
            yield address, password


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


def axe_faults(page: Page, axe: Axe) -> list[str]:
    """What breaks the rules of WCAG 2.2 A and AA."""
    report: Any = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
    page.wait_for_timeout(50)  # what the policy says to axe's own styles comes a little later
    return [
        f"{it['id']}: {node['html'][:120]}"
        for it in report.response["violations"]
        for node in it["nodes"]
    ]


def picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
