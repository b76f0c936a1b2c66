"""The portal served to a real browser: what the suites that drive Chromium share."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from tests.lasting import LASTING
from tests.processes import (
    PATIENCE,
    ROOT,
    copied,
    environment,
    lasting_folder,
    manage,
    own_database,
)
from tests.servers import free_port

CHROMIUM = shutil.which("chromium")
FLAGS = """--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync""".split()
# Where pictures of the pages go, to be looked at; without it none are taken.
PICTURES = os.environ.get("PICTURES", "")


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


@cache
def _demonstration() -> tuple[str, Path]:
    """(address of its database, its folder): filled once for all suites of this run."""
    folder = lasting_folder()
    url = LASTING.enter_context(own_database(folder))
    _told(url, folder, DEMONSTRATION)
    return url, folder


def _told(url: str, folder: Path, commands: Iterable[Sequence[str]]) -> None:
    for command in commands:
        done = manage(url, folder, *command)
        assert done.returncode == 0, done.stderr.decode()


@contextmanager
def demonstration(folder: Path, *more: Sequence[str]) -> Iterator[str]:
    """The address of a database of its own with the demonstration in it, after these commands
    too; what else the portal keeps is in the folder."""
    filled, its_folder = _demonstration()
    shutil.copytree(its_folder, folder, dirs_exist_ok=True)
    with copied(filled, folder) as url:
        _told(url, folder, more)
        yield url


@contextmanager
def demonstrated(folder: Path, *more: Sequence[str]) -> Iterator[tuple[str, str]]:
    """(address, password of the demonstration accounts) of a portal that serves it"""
    with demonstration(folder, *more) as url, served(url, folder) as address:
        yield address, password_of(folder)


def password_of(folder: Path) -> str:
    return (folder / "demonstration-password").read_text(encoding="ascii")


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


# Only what breaks a rule is brought over from the browser. What `preload` reads no rule of these
# asks for, and axe would break the policy of the page to have it.
BROKEN = """axe.run({
  runOnly: ["wcag2a", "wcag2aa", "wcag22aa"], resultTypes: ["violations"],
  preload: false
}).then(report => report.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 120)}`)
))"""


def axe_faults(page: Page, axe: Axe) -> list[str]:
    """What breaks the rules of WCAG 2.2 A and AA."""
    page.evaluate(axe.axe_script)
    faults: list[str] = page.evaluate(BROKEN)
    return faults


def picture(page: Page, name: str, *, always: bool = False) -> None:
    """Kept where PICTURES says; under var/pictures where they are kept `always`."""
    if PICTURES or always:
        folder = ROOT / (PICTURES or "var/pictures")
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
