"""Keys and forms in a real browser: what a script adds to the staff portal."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser import axe_faults, chromium, demonstrated, picture, seen_on

pytestmark = seen_on("sqlite")

HERE = "a few words, and a “quotation”"
ROWS = "main .rows > li a, main tbody tr a"


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    with demonstrated(tmp_path_factory.mktemp("portal")) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@contextmanager
def visit(
    browser: Browser,
    portal: tuple[str, str],
    user: str = "kcb.reporter",
    language: str = "en",
    width: int = 1280,
) -> Iterator[Page]:
    """Signed in; what the browser says against a page is a fault."""
    address, password = portal
    context = browser.new_context(
        base_url=address, locale=language, viewport={"width": width, "height": 900}
    )
    page = context.new_page()
    page.goto("/sign-in/")
    sign_in(page, user, password)
    expect(page.locator(".ways")).to_be_attached()
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    yield page
    context.close()
    assert not [text for text in said if "status of 403" not in text]


def sign_in(page: Page, user: str, password: str) -> None:
    page.fill("#id_username", user)
    page.fill("#id_password", password)
    page.press("#id_password", "Enter")


def test_g_and_a_letter_go_to_the_main_pages(browser: Browser, portal: tuple[str, str]) -> None:
    with visit(browser, portal) as page:
        page.goto("/help/")
        for letter, path in (("k", "/calendar/"), ("o", "/"), ("d", "/departments/")):
            page.keyboard.press("g")
            page.keyboard.press(letter)
            page.wait_for_url(f"**{path}")
        page.keyboard.press("k")
        page.keyboard.press("Control+g")
        page.keyboard.press("k")
        assert page.url.endswith("/departments/")


def test_a_slash_searches_and_letters_in_a_field_are_letters(
    browser: Browser, portal: tuple[str, str]
) -> None:
    with visit(browser, portal) as page:
        page.goto("/calendar/")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()
        page.keyboard.type("gk?/j")
        expect(page.locator("#find")).to_have_value("gk?/j")
        assert page.url.endswith("/calendar/")
        assert page.locator("dialog").count() == 0


def test_j_and_k_move_through_the_rows_and_enter_opens_one(
    browser: Browser, portal: tuple[str, str]
) -> None:
    with visit(browser, portal) as page:
        page.goto("/calendar/")
        focused = "() => document.activeElement.getAttribute('href')"
        seen = []
        for key in ("j", "j", "k"):
            page.keyboard.press(key)
            seen.append(page.evaluate(focused))
        assert seen[0] == seen[2]
        assert seen[0] != seen[1]
        assert re.fullmatch(r"/tasks/\d+/", seen[0] or "")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{seen[0]}")


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_question_mark_explains_the_keys_over_any_page(
    browser: Browser, portal: tuple[str, str], language: str
) -> None:
    with visit(browser, portal, language=language) as page:
        page.goto("/calendar/")
        page.keyboard.press("?")
        dialog = page.locator("dialog.keys")
        expect(dialog).to_be_visible()
        expect(dialog.locator("kbd").first).to_have_text("?")
        picture(page, f"keys-{language}")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        page.keyboard.press("?")
        dialog.locator("[data-close]").click()
        expect(dialog).to_have_count(0)


def test_the_keys_can_be_turned_off_and_on(browser: Browser, portal: tuple[str, str]) -> None:
    with visit(browser, portal) as page:
        page.goto("/help/")
        box = page.locator("#keys-on")
        expect(box).to_be_checked()
        box.uncheck()
        page.goto("/calendar/")
        for key in ("/", "?", "g", "o"):
            page.keyboard.press(key)
        expect(page.locator("#find")).not_to_be_focused()
        assert page.locator("dialog").count() == 0
        assert page.url.endswith("/calendar/")
        page.goto("/help/")
        expect(box).not_to_be_checked()
        box.check()
        page.goto("/calendar/")
        page.keyboard.press("/")
        expect(page.locator("#find")).to_be_focused()


def test_text_typed_while_the_session_ended_is_sent_after_signing_in(
    browser: Browser, portal: tuple[str, str]
) -> None:
    with visit(browser, portal) as page:
        task = first_own_task(page)
        page.goto(f"/tasks/{task}/record/progress_reported/")
        page.fill("main textarea[name=note]", HERE)
        page.context.clear_cookies(name="sessionid")
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".holds-text")).to_be_visible()
        assert_whole(page, "kept-sign-in")
        sign_in(page, "kcb.reporter", portal[1])
        expect(page.locator("textarea[name=note], input[name=note]")).to_have_value(HERE)
        assert_whole(page, "kept-text")
        page.locator(".send-again button[type=submit]").click()
        page.goto(f"/tasks/{task}/")
        expect(page.locator("main")).to_contain_text(HERE)


def test_who_signed_in_again_in_another_tab_sees_the_text_and_sends_it(
    browser: Browser, portal: tuple[str, str]
) -> None:
    with visit(browser, portal) as page:
        task = first_own_task(page)
        page.goto(f"/tasks/{task}/record/progress_reported/")
        page.fill("main textarea[name=note]", f"{HERE}, again")
        other = page.context.new_page()
        other.goto("/calendar/")
        other.locator(".head-tools form[action='/sign-out/'] button").click()
        sign_in(other, "kcb.reporter", portal[1])
        expect(other.locator(".ways")).to_be_attached()
        page.locator("main form button[type=submit]").first.click()
        expect(page.locator(".send-again")).to_be_visible()
        page.locator(".send-again button[type=submit]").click()
        page.goto(f"/tasks/{task}/")
        expect(page.locator("main")).to_contain_text(f"{HERE}, again")


def first_own_task(page: Page) -> str:
    """One that this department leads and has not completed."""
    page.goto("/calendar/?month=2026-11&department=KCB")
    row = page.locator(".due-list li:has(.standing-in_time, .standing-overdue) a").first
    return (row.get_attribute("href") or "").split("/")[2]


def assert_whole(page: Page, name: str) -> None:
    picture(page, name)
    assert axe_faults(page, Axe()) == []


def test_a_second_click_sends_nothing(browser: Browser, portal: tuple[str, str]) -> None:
    with visit(browser, portal) as page:
        task = first_own_task(page)
        page.goto(f"/tasks/{task}/record/progress_reported/")
        page.fill("main textarea[name=note]", "said once only")
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.method))
        page.locator("main form button[type=submit]").first.dblclick()
        page.wait_for_load_state("networkidle")
        assert sent.count("POST") == 1


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_pages_keep_the_accessibility_rules_and_the_width(
    browser: Browser, portal: tuple[str, str], language: str, width: int
) -> None:
    pages = {
        "calendar": "/calendar/",
        "calendar-then": "/calendar/?as_of=2025-11-18&known_at=2025-11-18",
        "help": "/help/",
    }
    found = []
    with visit(browser, portal, language=language, width=width) as page:
        for name, path in pages.items():
            page.goto(path)
            picture(page, f"{name}-{language}-{width}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
            found += [f"{name}: {fault}" for fault in axe_faults(page, Axe())]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("width", [1280, 360])
def test_signing_in_and_refusals_keep_the_rules_too(
    browser: Browser, portal: tuple[str, str], width: int
) -> None:
    context = browser.new_context(
        base_url=portal[0], locale="vi", viewport={"width": width, "height": 800}
    )
    page = context.new_page()
    found = []
    for name, path in (("sign-in", "/sign-in/"), ("no-page", "/no-such-page/")):
        page.goto(path)
        picture(page, f"{name}-{width}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        found += [f"{name}: {fault}" for fault in axe_faults(page, Axe())]
    context.close()
    assert not found, "\n".join(found)
