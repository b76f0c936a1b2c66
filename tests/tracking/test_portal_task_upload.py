"""A file of evidence sent from a real browser: dropped, hashed, watched on its way, compared."""

import hashlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe_faults, chromium, demonstrated, seen_on

pytestmark = seen_on("postgresql")

A_PDF = "%PDF-1.7 nghiệm thu"
DIGEST = hashlib.sha256(A_PDF.encode()).hexdigest()
DROP = """([name, content]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([content], name));
  document.querySelector("[data-upload-drop]").dispatchEvent(
    new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: dropped }));
}"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with demonstrated(tmp_path_factory.mktemp("upload")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def at_the_form(browser: Browser, portal: tuple[str, str], **options: Any) -> Page:
    """The reporter of KCB before the form for the evidence of one of their own tasks."""
    address, password = portal
    page = browser.new_context(base_url=address, locale="en", **options).new_page()
    page.goto("/sign-in/")
    page.fill("#id_username", "kcb.reporter")
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")
    page.goto("/admin/tracking/task/?q=MHN-11")
    found = page.get_by_role("link", name="MHN-11").get_attribute("href") or ""
    (key,) = re.findall(r"\d+", found.partition("?")[0])
    page.goto(f"/tasks/{key}/")
    page.get_by_role("link", name="Record evidence").click()
    return page


def record(page: Page) -> None:
    page.get_by_role("button", name="Record", exact=True).click()


def test_a_dropped_file_is_kept_and_both_hashes_are_shown(
    browser: Browser, portal: tuple[str, str]
) -> None:
    page = at_the_form(browser, portal)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate(DROP, ["biên bản.pdf", A_PDF])
    expect(page.locator("[data-upload-here]")).to_have_text(DIGEST)
    assert not axe_faults(page, Axe())
    record(page)
    expect(page.locator("[data-upload-there]")).to_have_text(DIGEST)
    expect(page.locator("[data-upload-said]")).to_contain_text("both hashes are the same")
    assert not axe_faults(page, Axe())
    kept = page.locator("[data-upload-list]")
    expect(kept).to_contain_text("biên bản.pdf")
    expect(kept).to_contain_text(DIGEST)
    expect(page.get_by_role("link", name="Submit the result")).to_be_focused()
    for gone in ("Do nothing and go back", "Record"):
        expect(page.get_by_text(gone, exact=True)).to_be_hidden()
    page.get_by_role("link", name="To the task").click()
    expect(page.locator("#evidence ~ ul")).to_contain_text(DIGEST)
    assert said == []


def test_the_server_says_why_it_refuses_and_the_form_can_be_used_again(
    browser: Browser, portal: tuple[str, str]
) -> None:
    page = at_the_form(browser, portal)
    page.evaluate(DROP, ["program.pdf", "MZ\0"])
    record(page)
    expect(page.locator("[data-upload-faults]")).to_contain_text("by its content")
    page.evaluate(DROP, ["empty.pdf", ""])
    expect(page.locator("[data-upload-faults]")).to_contain_text("The file is empty")
    page.evaluate(DROP, ["again.pdf", f"{A_PDF} 2"])
    record(page)
    expect(page.locator("[data-upload-said]")).to_contain_text("both hashes are the same")


def test_without_a_script_the_same_form_keeps_the_file(
    browser: Browser, portal: tuple[str, str]
) -> None:
    page = at_the_form(browser, portal, java_script_enabled=False)
    content = f"{A_PDF} 3".encode()
    page.set_input_files(
        "input[type=file]",
        {"name": "không script.pdf", "mimeType": "application/pdf", "buffer": content},
    )
    record(page)
    expect(page.get_by_role("status")).to_contain_text("Recorded for MHN-11")
    expect(page.locator("#evidence ~ ul")).to_contain_text(hashlib.sha256(content).hexdigest())
