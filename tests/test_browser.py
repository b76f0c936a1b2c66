"""The operators' pages in a real browser: policy, accessibility, width, both languages."""

import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
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

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and os.environ.get("CI") != "true",
        reason="no Chromium: apt-get install chromium",
    ),
]

ADDRESSES = {
    "first": "/admin/",
    "tasks": "/admin/tracking/task/",
    "task": "/admin/tracking/task/{task}/change/",
    "grant": "/admin/tracking/task/{task}/record/extension_granted/",
    "assign": "/admin/tracking/task/add/",
    "ledger": "/admin/tracking/event/",
    "departments": "/admin/tracking/department/",
    "department": "/admin/tracking/department/1/change/",
    "calendar": "/admin/tracking/calendarday/",
    "databases": "/admin/databases/database/",
    "connection": "/admin/databases/connection/1/change/",
    "endpoints": "/admin/databases/endpoint/",
    "endpoint": "/admin/databases/endpoint/{endpoint}/change/",
    "endpoint-edit": "/admin/databases/endpoint/{endpoint}/edit/",
    "checks": "/admin/databases/endpoint/{endpoint}/checks/",
    "outages": "/admin/databases/outage/",
    "outage": "/admin/databases/outage/1/change/",
    "acknowledge": "/admin/databases/outage/1/acknowledge/",
    "contradictions": "/admin/databases/contradiction/",
    "contradiction": "/admin/databases/contradiction/1/change/",
    "maintenance": "/admin/databases/maintenance/add/",
    "zone": "/admin/databases/zone/1/change/",
    "credential": "/admin/databases/credential/1/replace/",
    "proposal": "/admin/databases/evidenceproposal/1/change/",
    "lists": "/admin/tracking/progresslist/",
    "list": "/admin/tracking/progresslist/1/change/",
    "preview": "/admin/tracking/progresslist/preview/?as_of=2025-11-18",
    "import": "/admin/tracking/plan/import/",
    "users": "/admin/tracking/user/",
}

# A row of everything that the probes' pages show.
FILLED = """
from django.utils import timezone
from tests.databases.probe_rows import fill
fill(timezone.now())
"""


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


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(address, password of the demonstration accounts)"""
    folder = tmp_path_factory.mktemp("portal")
    with own_database(folder) as url:
        for command in (
            ("collectstatic", "--no-input", "-v", "0"),
            ("messages",),
            ("seed", "--illustrative"),
            ("issue_list", "--as-of", "2025-11-18"),
            ("shell", "-v", "0", "-c", FILLED),
        ):
            done = manage(url, folder, *command)
            assert done.returncode == 0, done.stderr.decode()
        password = (folder / "demonstration-password").read_text(encoding="ascii")
        with served(url, folder) as address:
            yield address, password


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


def signed_in(browser: Browser, portal: tuple[str, str], language: str, width: int) -> Page:
    address, password = portal
    context = browser.new_context(
        base_url=address, locale=language, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto("/admin/login/?next=/admin/")
    page.fill("#id_username", "nhic.operator")
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")
    return page


def keys(page: Page) -> dict[str, str]:
    """Of an overdue task and of an endpoint that is down."""
    return {
        "task": _first_row(page, "/admin/tracking/task/?q=MH-42"),
        "endpoint": _first_row(page, "/admin/databases/endpoint/?q=DC-1"),
    }


def _first_row(page: Page, path: str) -> str:
    page.goto(path)
    link = page.locator("#result_list tbody tr a").first.get_attribute("href") or ""
    return link.split("/")[-3]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_keeps_the_policy_and_the_accessibility_rules(
    browser: Browser, portal: tuple[str, str], language: str
) -> None:
    page = signed_in(browser, portal, language, 1400)
    rows, axe, found = keys(page), Axe(), []
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    for name, path in ADDRESSES.items():
        answer = page.goto(path.format(**rows))
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        _picture(page, f"{name}-{language}-1400")
        assert said == []
        report: Any = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag22aa"]})
        found += [
            f"{name}: {it['id']}: {node['html'][:120]}"
            for it in report.response["violations"]
            for node in it["nodes"]
        ]
        said.clear()  # axe itself styles the page to measure it
    page.context.close()
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_page_scrolls_sideways_on_a_telephone(
    browser: Browser, portal: tuple[str, str], language: str
) -> None:
    page = signed_in(browser, portal, language, 360)
    rows = keys(page)
    for name, path in ADDRESSES.items():
        page.goto(path.format(**rows))
        wide = page.evaluate("document.documentElement.scrollWidth")
        _picture(page, f"{name}-{language}-360")
        assert wide <= 360, f"{name}: {wide} px"
    page.context.close()


def test_marks_are_bold_and_underlined_and_say_the_word(
    browser: Browser, portal: tuple[str, str]
) -> None:
    page = signed_in(browser, portal, "vi", 1400)
    page.goto("/admin/tracking/progresslist/1/change/")
    style = """e => [getComputedStyle(e.parentElement).fontWeight,
                    getComputedStyle(e).textDecorationLine]"""
    marks = page.locator("tr.marked th strong u")
    assert marks.count() == 5
    for mark in marks.all():
        weight, line = mark.evaluate(style)
        assert int(weight) >= 600
        assert line == "underline"
    assert page.get_by_text("QUÁ HẠN").count() >= 4
    page.context.close()


def _picture(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=True)
