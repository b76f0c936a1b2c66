"""The days of three readers in a real browser, from sign-in to the end, in both languages: the
Deputy Minister with a telephone, a department's reporter, the officer who verifies.

Every page that they open keeps the policy, the accessibility rules and the width; a picture of each
is kept under var/pictures to be looked at.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.browser import chromium, demonstrated, picture, seen_on
from tests.browser_reader import PHONE, Reader, at_work

pytestmark = seen_on("postgresql")

LANGUAGES = ("vi", "en")
# Enough results that await verification for two days of the officer.
SUBMITTED = """
from django.utils import timezone
from tracking.actions.steps import record_step
from tracking.models import Task
from tracking.rules.events import Kind
for code in ("MHN-13", "MHN-14", "MHN-16", "MHN-24"):
    now = timezone.now()
    record_step(task=Task.objects.get(code=code), kind=Kind.SUBMITTED, effective_at=now, now=now,
                by="pb.reporter", payload={"note": "Đã trình", "product": "Báo cáo số 12"})
"""
LATER = (timezone.localdate() + timedelta(days=40)).isoformat()


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """(address, password of the demonstration accounts)"""
    more = (("issue_list",), ("shell", "-v", "0", "-c", SUBMITTED))
    with demonstrated(tmp_path_factory.mktemp("days"), *more) as found:
        yield found


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_deputy_minister_has_two_minutes_and_a_telephone(
    browser: Browser, portal: tuple[str, str], language: str
) -> None:
    reader = at_work(browser, portal, "leader", language, width=PHONE)
    page = reader.page
    reader.look("overview")
    mark = page.locator(".marks details").first
    assert mark.locator("summary .word").inner_text()
    mark.locator("summary").click()
    assert mark.locator(".rows li").first.is_visible()
    reader.look("reasons")
    reader.follow(".marks details[open] a[href^='/departments/']", "department")
    reader.open("/")
    reader.follow(
        "section[aria-labelledby='tile-databases-open'] a[href^='/databases/']", "contradiction"
    )
    assert page.locator("#contradictions").is_visible()
    reader.open("/")
    reader.follow(".changes a[href^='/lists/']", "list")
    assert page.locator("#movements").is_visible()
    _downloads_the_pdf(page)
    reader.follow("main a[href^='/?as_of=']", "then")
    assert page.locator(".viewpoint.chosen").is_visible()
    reader.follow("nav a[href^='/departments/?as_of=']", "departments-then")
    assert "as_of=" in page.url
    reader.leave()


def _downloads_the_pdf(page: Page) -> None:
    page.locator("details.files summary").click()
    with page.expect_download() as begun:
        page.locator("details.files a[href*='/pdf/']").first.click()
    assert Path(begun.value.path()).read_bytes().startswith(b"%PDF")


# The languages share a portal, so each hands in a task of its own and waits for another body.
HANDED_IN = {"vi": "MHN-12", "en": "MHN-11"}
WAITED_FOR = {"vi": "BNV", "en": "VPCP"}
LATE, UNDATED = "MHN-10", "KL1811-05.1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reporter_does_everything_that_is_asked_of_them(
    browser: Browser, portal: tuple[str, str], tmp_path: Path, language: str
) -> None:
    reader = at_work(browser, portal, "kcb.reporter", language)
    page = reader.page
    reader.look("overview")
    reader.follow("nav a[href^='/my-work/']", "my-work")
    handed_in = HANDED_IN[language]

    _step(reader, handed_in, "progress_reported")
    page.fill("[name=percent]", "90")
    page.fill("[name=note]", f"Còn chờ chữ ký ({language})")
    reader.send("task-reported")
    assert reader.has("90")

    _step(reader, handed_in, "evidence_recorded")
    _sends_a_file(reader, tmp_path / f"bien-ban-{language}.pdf")

    _step(reader, handed_in, "submitted")
    page.fill("[name=note]", f"Biên bản nghiệm thu ({language})")
    reader.send("task-submitted")
    assert page.locator("a[href*='/record/submitted/']").count() == 0

    _step(reader, LATE, "extension_requested")
    page.fill("[name=due_on]", LATER)
    page.fill("[name=reason]", f"Chờ danh mục dùng chung ({language})")
    reader.send("task-asked")
    if page.locator("[name=keep_day_off][type=checkbox]").count():  # that day is not worked
        page.check("[name=keep_day_off]")
        reader.send()

    _step(reader, LATE, "blocked")
    page.select_option("[name=on]", WAITED_FOR[language])
    page.fill("[name=reason]", f"Chờ dữ liệu cán bộ ({language})")
    reader.send("task-waits")
    assert reader.has(f"Chờ dữ liệu cán bộ ({language})")

    reader.open("/my-work/")
    reader.follow("a[href$='/remark/']", "remark")
    remark = f"Đã báo cáo Lãnh đạo Bộ ngày hôm nay ({language})"
    page.fill("[name=text]", remark)
    reader.send()
    reader.open("/my-work/", "my-work-after")
    reader.follow("main a[href^='/departments/'], nav a[href^='/departments/']")
    if not reader.has(remark):  # the list of departments lies in between
        page.get_by_text("KCB").or_(page.get_by_text("Khám, chữa bệnh")).first.click()
        page.wait_for_load_state()
    reader.leave()


def _step(reader: Reader, code: str, kind: str) -> None:
    """From one's own work to the form of that step."""
    reader.open("/my-work/")
    reader.follow(f"main a[href^='/tasks/']:has-text('{code}')")
    reader.follow(f"a[href$='/record/{kind}/']", f"form-{kind}")


def _sends_a_file(reader: Reader, path: Path) -> None:
    """With the progress bar, and the hash of both sides the same."""
    page = reader.page
    path.write_bytes(b"%PDF-1.7\n" + b"% minutes of the meeting\n" * 40_000 + b"%%EOF\n")
    page.set_input_files("[name=file]", str(path))
    page.locator("main form[method=post] button[type=submit]").first.click()
    page.locator("[data-upload-after]").wait_for(state="visible")
    here, there = (page.locator(f"[data-upload-{side}]").inner_text() for side in ("here", "there"))
    assert len(here) == 64
    assert here == there
    reader.look("file-kept")
    reader.follow("[data-upload-task]", "task-with-evidence")
    assert reader.has(path.name)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_officer_verifies_issues_and_compares(
    browser: Browser, portal: tuple[str, str], language: str
) -> None:
    reader = at_work(browser, portal, "nhic.operator", language)
    page = reader.page
    reader.look("overview")
    reader.follow("nav a[href^='/verification/']", "queue")
    reader.follow("main a.button[href^='/verification/']", "verify")
    first = page.url
    page.locator("button[value=accepted]").click()
    page.wait_for_url(lambda url: url != first)
    reader.look("next")
    if page.locator("button[value=returned]").count() == 0:
        reader.follow("main a.button[href^='/verification/']")
    page.locator("button[value=returned]").click()
    page.wait_for_load_state()
    assert page.locator("[role=alert]").count() > 0  # it says that a reason is missing
    reader.look("reason-missing")
    second = page.url
    page.fill("[name=reason]", f"Thiếu biên bản nghiệm thu ({language})")
    page.locator("button[value=returned]").click()
    page.wait_for_url(lambda url: url != second)
    reader.follow("nav a[href^='/lists/']", "archive")
    reader.follow("main tbody a[href^='/lists/']", "list")
    page.locator("form[action$='/verify/'] button").click()
    page.locator(".holds").wait_for()
    reader.look("list-verified")
    reader.open("/lists/compare/?a=1&b=2", "compared")
    reader.open("/lists/forecast/", "forecast")
    page.fill("#find", "du lieu")
    page.press("#find", "Enter")
    page.wait_for_url("**/search/**")
    assert page.locator(".hits a").count() > 0
    reader.look("found")
    reader.follow(".hits a[href^='/tasks/']", "task")
    reader.leave()


def test_everything_is_done_without_a_script(
    browser: Browser, portal: tuple[str, str], tmp_path: Path
) -> None:
    reader = at_work(browser, portal, "kcb.reporter", "vi", scripts=False)
    page = reader.page
    path = tmp_path / "khong-kich-ban.pdf"
    path.write_bytes(b"%PDF-1.7\n%%EOF\n")
    for kind, fields in {
        "progress_reported": {"note": "Báo cáo không cần kịch bản"},
        "submitted": {"note": "Nộp không cần kịch bản"},
    }.items():
        reader.open("/my-work/")
        reader.follow(f"main a[href^='/tasks/']:has-text('{UNDATED}')")
        if kind == "submitted":
            reader.follow("a[href$='/record/evidence_recorded/']")
            page.set_input_files("[name=file]", str(path))
            reader.send()
            assert reader.has(path.name)
        reader.follow(f"a[href$='/record/{kind}/']")
        for name, text in fields.items():
            page.fill(f"[name={name}]", text)
        reader.send()
        assert reader.has("không cần kịch bản")
    page.context.close()
    reader = at_work(browser, portal, "nhic.operator", "vi", scripts=False)
    reader.open("/verification/")
    reader.follow(f"a[href^='/verification/']:has-text('{UNDATED}')")
    reader.page.locator("button[value=accepted]").click()
    reader.page.wait_for_load_state()
    reader.open(f"/search/?q={UNDATED}")
    assert reader.page.locator(".standing-completed_on_time").count() > 0
    reader.leave()


def test_the_keyboard_alone_leads_from_the_sign_in_to_the_reason_of_a_mark(
    browser: Browser, portal: tuple[str, str]
) -> None:
    address, password = portal
    context = browser.new_context(base_url=address, locale="vi")
    reader = Reader(context.new_page(), "vi", "keyboard")
    keyboard, page = reader.page.keyboard, reader.page
    page.goto("/sign-in/")
    reader.tab_to(lambda stop: stop == "id_username")
    keyboard.type("leader")
    reader.tab_to(lambda stop: stop == "id_password")
    keyboard.type(password)
    keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in/" not in url)
    reader.tab_to(lambda stop: stop == "#main", most=1)
    keyboard.press("Enter")
    reader.tab_to(lambda stop: stop == "SUMMARY")
    while not page.evaluate("!!document.activeElement.closest('.marks')"):
        reader.tab_to(lambda stop: stop == "SUMMARY")
    keyboard.press("Enter")
    reader.tab_to(lambda stop: stop.startswith("/tasks/"), most=1)
    keyboard.press("Enter")
    page.wait_for_url("**/tasks/*/")
    reader.leave()


KEPT = {
    "overview": "/",
    "department": "/departments/2/",
    "task": "/tasks/65/",
    "list": "/lists/2/",
    "databases": "/databases/",
}
PLACES = KEPT | {
    "departments": "/departments/",
    "tasks": "/tasks/",
    "database": "/databases/1/",
    "status": "/databases/status/",
    "calendar": "/calendar/",
    "lists": "/lists/",
    "help": "/help/",
}


def test_at_four_times_the_size_nothing_scrolls_sideways(
    browser: Browser, portal: tuple[str, str]
) -> None:
    """1280 px at 400 % are 320 (WCAG 1.4.10); 200 % is less than that."""
    reader = at_work(browser, portal, "inspector", "vi", width=320)
    wide = {}
    for name, path in PLACES.items():
        reader.open(path)
        wide[name] = reader.too_wide()
    assert {name: pixels for name, pixels in wide.items() if pixels} == {}
    reader.page.context.close()


@pytest.mark.parametrize("way", ["forced", "print", "dark"])
def test_marks_are_told_in_forced_colors_on_paper_and_in_the_dark(
    browser: Browser, portal: tuple[str, str], way: str
) -> None:
    reader = at_work(browser, portal, "leader", "vi")
    page = reader.page
    match way:
        case "forced":
            page.emulate_media(forced_colors="active")
        case "print":
            page.emulate_media(media="print")
        case "dark":
            page.emulate_media(color_scheme="dark")
    for name, path in KEPT.items():
        reader.open(path)
        picture(page, f"{way}-{name}", always=True)
    reader.open("/departments/")
    mark = page.locator("main .mark u").first
    line, weight = mark.evaluate(
        "e => [getComputedStyle(e).textDecorationLine, getComputedStyle(e).fontWeight]"
    )
    assert line == "underline"
    assert int(weight) >= 600
    assert page.locator("main .word").first.is_visible()
    assert page.locator("nav.ways").is_visible() == (way != "print")
    page.context.close()
