"""Pages of databases refresh themselves in a browser, and tell what changed to those who listen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser import chromium, demonstration, password_of, seen_on, served
from tests.processes import manage

pytestmark = seen_on("sqlite")

EVERY = 15_000  # static/js/live.js
ANSWERS = """
from datetime import timedelta
from django.utils import timezone
from databases.models import Endpoint, PumpSign
from tests.databases.probe_rows import see
now = timezone.now()
Endpoint.objects.exclude(code="DC-1").update(paused=True)
see(Endpoint.objects.get(code="DC-1"), "ok ok ok", now + timedelta(minutes=4))
PumpSign.objects.update(seen_at=now + timedelta(minutes=10))
"""
FAILS = ANSWERS.replace("ok ok ok", "fail fail fail").replace("minutes=4", "minutes=1")


class Portal:
    """Served, with an endpoint that fails."""

    def __init__(self, url: str, folder: object, address: str, password: str) -> None:
        self.url, self.folder, self.address, self.password = url, folder, address, password

    def does(self, code: str) -> None:
        done = manage(self.url, self.folder, "shell", "-v", "0", "-c", code)  # type: ignore[arg-type]
        assert done.returncode == 0, done.stderr.decode()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    folder = tmp_path_factory.mktemp("portal")
    with demonstration(folder) as url, served(url, folder) as address:
        yield Portal(url, folder, address, password_of(folder))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def signed_in(browser: Browser, portal: Portal, *, script: bool = True) -> Page:
    context = browser.new_context(base_url=portal.address, locale="en", java_script_enabled=script)
    page = context.new_page()
    page.goto("/sign-in/")
    page.fill("#id_username", "leader")
    page.fill("#id_password", portal.password)
    page.press("#id_password", "Enter")
    page.wait_for_load_state()
    return page


def test_a_change_of_state_shows_and_is_announced_without_a_reload(
    browser: Browser, portal: Portal
) -> None:
    portal.does(FAILS)
    page = signed_in(browser, portal)
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text))
    page.clock.install()
    page.goto("/databases/?owner=QLD")
    page.evaluate("window.untouched = true")
    cell = page.locator("tr", has_text="CSDL-01").locator("td").first
    expect(cell).to_contain_text("down")
    expect(page.locator("[data-live-on]")).to_be_visible()
    portal.does(ANSWERS)
    page.clock.fast_forward(EVERY + 1_000)
    expect(cell).to_contain_text("up")
    said = page.locator("[data-live-said]")
    expect(said).to_contain_text("KN-01-DC: connected; up")
    assert said.get_attribute("aria-live") == "polite"
    assert page.evaluate("window.untouched")
    assert not faults


def test_nothing_is_asked_while_nobody_looks(browser: Browser, portal: Portal) -> None:
    page = signed_in(browser, portal)
    page.clock.install()
    page.goto("/databases/status/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, writable: true})")
    page.clock.fast_forward(10 * EVERY)
    page.clock.fast_forward(10 * EVERY)
    assert not [url for url in asked if "changes" in url]
    with page.expect_response(lambda answer: "changes" in answer.url):
        page.evaluate(
            "document.hidden = false; document.dispatchEvent(new Event('visibilitychange'))"
        )


def test_who_cannot_be_answered_is_told_so(browser: Browser, portal: Portal) -> None:
    page = signed_in(browser, portal)
    page.clock.install()
    page.goto("/databases/")
    page.context.clear_cookies()
    page.clock.fast_forward(EVERY + 1_000)
    expect(page.locator("[data-live-off]")).to_be_visible()
    expect(page.locator("[data-live-on]")).to_be_hidden()


def test_without_a_script_there_is_a_link_to_read_anew(browser: Browser, portal: Portal) -> None:
    page = signed_in(browser, portal, script=False)
    page.goto("/databases/?stage=connected")
    link = page.get_by_role("link", name="Read anew")
    assert link.get_attribute("href") == "/databases/?stage=connected"
    assert page.locator("[data-live-on]").is_hidden()
