"""The operators' pages in a real browser: policy, accessibility, width, both languages."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import axe_faults, chromium, demonstrated, picture, seen_on

pytestmark = seen_on("sqlite")

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


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(address, password of the demonstration accounts)"""
    with demonstrated(tmp_path_factory.mktemp("portal")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


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
    rows, axe = keys(page), Axe()
    found: list[str] = []
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    for name, path in ADDRESSES.items():
        answer = page.goto(path.format(**rows))
        assert answer is not None
        assert answer.status == 200, path
        assert page.locator("html").get_attribute("lang") == language
        picture(page, f"{name}-{language}-1400")
        found += [f"{name}: {fault}" for fault in axe_faults(page, axe)]
        assert said == []
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
        picture(page, f"{name}-{language}-360")
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
