"""The main pages at hand on a telephone, with and without scripts; lists that are read, compared
and printed."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, Page
from pypdf import PdfReader

from tests.browser import chromium, demonstrated, seen_on
from tests.browser_reader import PHONE, at_work

pytestmark = seen_on("sqlite")

NARROW = 320
MAIN_PAGES = ("/", "/tasks/", "/databases/", "/lists/", "/letters/", "/meetings/", "/calendar/")
# What somebody sees at both ends of the bar, and whether that is the link of the open page.
AT_ITS_ENDS = """() => {
  const open = document.querySelector(".ways [aria-current]").getBoundingClientRect();
  const y = (open.top + open.bottom) / 2;
  return [open.left + 2, open.right - 2].map(x => {
    const seen = document.elementFromPoint(x, y);
    return Boolean(seen) && seen.hasAttribute("aria-current");
  });
}"""
HEADS = """() => [...document.querySelectorAll(".department-tasks > :is(summary, p)")]
  .map(head => head.textContent.replace(/\\s+/g, ""))"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with demonstrated(tmp_path_factory.mktemp("ways"), ("issue_list",)) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_that_is_open_is_seen_in_the_bar_of_main_pages(
    browser: Browser, portal: tuple[str, str], language: str, scripts: bool
) -> None:
    reader = at_work(browser, portal, "nhic.operator", language, width=NARROW, scripts=scripts)
    for path in MAIN_PAGES:
        reader.open(path)
        assert reader.page.evaluate(AT_ITS_ENDS) == [True, True], path
        assert not reader.too_wide(), path
    reader.leave()


def test_the_keyboard_comes_to_every_main_page_on_a_telephone(
    browser: Browser, portal: tuple[str, str]
) -> None:
    reader = at_work(browser, portal, "nhic.operator", "vi", width=PHONE)
    reader.open("/databases/")
    reader.tab_to(lambda path: path == "/")
    reader.tab_to(lambda path: path == "/calendar/")
    last = reader.page.locator(".ways a").last.bounding_box()
    assert last is not None
    assert 0 <= last["x"] <= PHONE - last["width"]
    reader.leave()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("path", ["/lists/compare/", "/lists/2/"])
def test_lists_do_not_scroll_sideways_on_the_narrowest_screen(
    browser: Browser, portal: tuple[str, str], path: str, language: str
) -> None:
    reader = at_work(browser, portal, "nhic.operator", language, width=NARROW)
    reader.open(path, path.split("/")[2])
    reader.leave()


@pytest.mark.parametrize("number", [1, 2])
def test_on_paper_no_department_stands_alone_at_the_foot_of_a_page(
    browser: Browser, portal: tuple[str, str], number: int
) -> None:
    reader = at_work(browser, portal, "nhic.operator", "vi")
    reader.open(f"/lists/{number}/")
    heads = reader.page.evaluate(HEADS)
    feet = [text[-15:] for text in _printed(reader.page)]
    assert len(heads) >= 20
    assert not [foot for foot in feet if any(foot in head for head in heads)]
    reader.leave()


def _printed(page: Page) -> list[str]:
    """Of each sheet, its text without spaces."""
    sheets = PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages
    return ["".join(sheet.extract_text().split()) for sheet in sheets]
