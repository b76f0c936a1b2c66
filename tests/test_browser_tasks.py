"""The list of tasks in a real browser: what follows rows that are fetched alone, how it looks."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser import chromium, demonstrated, picture, seen_on
from tests.browser_reader import PHONE, at_work

pytestmark = seen_on("sqlite")

OVERDUE, IN_TIME = (f"input[type=checkbox][value={value}]" for value in ("overdue", "in_time"))
# How many lines the words of each standing take.
LINES = """() => [...document.querySelectorAll("td .standing")].map(standing => {
  const { lineHeight } = getComputedStyle(standing);
  return Math.round(standing.getBoundingClientRect().height / parseFloat(lineHeight));
})"""


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with demonstrated(tmp_path_factory.mktemp("tasks")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def tasks(browser: Browser, portal: tuple[str, str]) -> Iterator[Page]:
    """The list, with the overdue ones alone fetched by the script."""
    reader = at_work(browser, portal, "nhic.operator", "en")
    reader.open("/tasks/")
    reader.page.check(OVERDUE)
    expect(reader.page).to_have_url(re.compile(r"\?standing=overdue$"))
    yield reader.page
    reader.leave()


def test_another_day_keeps_what_is_filtered(tasks: Page) -> None:
    tasks.locator(".viewpoint summary").click()
    tasks.fill("#id_as_of", "2025-11-18")
    tasks.locator(".viewpoint-form button").click()
    expect(tasks).to_have_url(re.compile(r"as_of=2025-11-18"))
    expect(tasks.locator(OVERDUE)).to_be_checked()
    tasks.check(IN_TIME)
    expect(tasks).to_have_url(re.compile(r"standing=in_time&.*as_of=2025-11-18"))
    tasks.get_by_role("link", name="Back to now").click()
    expect(tasks).to_have_url(re.compile(r"/tasks/\?[^?]*standing=in_time"))
    assert "as_of" not in tasks.url
    expect(tasks.locator(IN_TIME)).to_be_checked()


def test_an_issued_list_as_a_day_keeps_what_is_filtered(tasks: Page) -> None:
    tasks.locator(".viewpoint summary").click()
    tasks.locator(".stops a").first.click()
    expect(tasks).to_have_url(re.compile(r"as_of=2025-11-18&known_at="))
    expect(tasks.locator(OVERDUE)).to_be_checked()


def test_the_other_language_keeps_what_is_filtered(tasks: Page) -> None:
    tasks.locator(".languages button[value=vi]").click()
    expect(tasks.locator("html")).to_have_attribute("lang", "vi")
    expect(tasks.locator(OVERDUE)).to_be_checked()
    assert tasks.url.endswith("/tasks/?standing=overdue")


def test_filters_can_be_taken_back_as_soon_as_there_are_any(tasks: Page) -> None:
    back = tasks.get_by_role("link", name="Take all filters back")
    expect(back).to_be_visible()
    tasks.uncheck(OVERDUE)
    expect(back).to_have_count(0)


def test_going_back_shows_the_filters_of_the_rows(tasks: Page) -> None:
    tasks.check(IN_TIME)
    expect(tasks).to_have_url(re.compile("in_time"))
    tasks.go_back()
    expect(tasks).to_have_url(re.compile(r"\?standing=overdue$"))
    expect(tasks.locator(IN_TIME)).not_to_be_checked()
    expect(tasks.locator(OVERDUE)).to_be_checked()
    tasks.go_forward()
    expect(tasks.locator(IN_TIME)).to_be_checked()


def test_the_keyboard_stays_on_the_head_or_the_page_that_it_chose(tasks: Page) -> None:
    tasks.uncheck(OVERDUE)
    expect(tasks).to_have_url(re.compile(r"/tasks/\??$"))
    head = tasks.locator("#sort-title")
    head.press("Enter")
    expect(tasks).to_have_url(re.compile("sort=title"))
    expect(head).to_be_focused()
    following = tasks.locator("#page-next")
    following.press("Enter")
    expect(tasks).to_have_url(re.compile("page=2"))
    expect(following).to_be_focused()
    following.press("Enter")
    # The last page has no next one.
    expect(tasks).to_have_url(re.compile("page=3"))
    expect(tasks.locator(".found")).to_be_focused()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_standing_takes_two_lines_at_most(
    browser: Browser, portal: tuple[str, str], language: str
) -> None:
    reader = at_work(browser, portal, "nhic.operator", language)
    reader.open("/tasks/")
    assert max(reader.page.evaluate(LINES)) <= 2
    assert not reader.too_wide()
    picture(reader.page, f"tasks-{language}-1280")
    reader.leave()


def test_on_a_telephone_the_box_and_the_code_stand_above_the_title(
    browser: Browser, portal: tuple[str, str]
) -> None:
    reader = at_work(browser, portal, "nhic.operator", "vi", width=PHONE)
    reader.open("/tasks/", "tasks")
    row = reader.page.locator(".task-table tbody tr").first
    tick, code, title = (_place(row, kind) for kind in ("tick", "of-code", "of-title"))
    assert tick["x"] < code["x"]
    assert tick["y"] == code["y"]
    assert tick["y"] + tick["height"] <= title["y"]
    assert title["width"] == _place(row, "of-lead")["width"]
    reader.leave()


def _place(row: Locator, kind: str) -> dict[str, float]:
    box = row.locator(f"td.{kind}").bounding_box()
    assert box is not None
    return dict(box)  # type: ignore[arg-type]
