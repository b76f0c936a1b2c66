"""Somebody at a browser, who looks closely at every page they come to."""

from collections.abc import Callable
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import axe_faults, picture

PHONE, DESK = 360, 1280
PATIENCE = 15_000  # ms
_AXE = Axe()
_FOCUSED = """() => {
  const e = document.activeElement, s = getComputedStyle(e);
  const outlined = s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0;
  return {
    what: e.tagName + " " + (e.getAttribute("href") || e.id || e.textContent.trim().slice(0, 40)),
    path: e.getAttribute("href") || "",
    id: e.id,
    tag: e.tagName,
    visible: outlined || s.boxShadow !== "none",
    body: e === document.body,
  };
}"""


@dataclass
class Reader:
    page: Page
    language: str
    name: str
    faults: list[str] = field(default_factory=list)
    looked: int = 0
    said: list[str] = field(default_factory=list)

    def look(self, what: str) -> None:
        """At the page that is open: its language, its width, its accessibility, its policy."""
        self.looked += 1
        assert self.page.locator("html").get_attribute("lang") == self.language
        assert self.page.locator("h1").count() == 1, what
        self.faults += [f"{what}: {line}" for line in self.said]
        if wide := self.too_wide():
            self.faults.append(f"{what}: {wide} px wide")
        name = f"day-{self.name}-{self.language}-{self.looked:02}-{what}"
        picture(self.page, name, always=True)
        self.faults += [f"{what}: {fault}" for fault in axe_faults(self.page, _AXE)]
        self.said.clear()

    def too_wide(self) -> int:
        """The width of the page where it is more than there is room for, else 0."""
        room = self.page.viewport_size["width"] if self.page.viewport_size else 0
        wide = int(self.page.evaluate("document.documentElement.scrollWidth"))
        return wide if wide > room else 0

    def open(self, path: str, what: str = "") -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        if what:
            self.look(what)

    def follow(self, selector: str, what: str = "") -> None:
        """The first link or button of that kind, to the page that it leads to."""
        before = self.page.url
        self.page.locator(selector).first.click()
        self.page.wait_for_url(lambda url: url != before)
        if what:
            self.look(what)

    def send(self, what: str = "") -> None:
        """The form of the page, by its own button."""
        self.page.locator("main form[method=post] button[type=submit]").first.click()
        self.page.wait_for_load_state()
        if what:
            self.look(what)

    def has(self, text: str) -> bool:
        return text in " ".join(self.page.locator("main").inner_text().split())

    def tab_to(self, wanted: Callable[[str], bool], most: int = 80) -> None:
        """By the keyboard alone; every stop on the way must show that it is one."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            stop = self.page.evaluate(_FOCUSED)
            if not stop["body"]:
                assert stop["visible"], f"nobody sees the focus on {stop['what']}"
                if wanted(stop["path"] or stop["id"] or stop["tag"]):
                    return
        raise AssertionError("the keyboard does not come there")

    def leave(self) -> None:
        self.page.context.close()
        assert not self.faults, "\n".join(self.faults)


def at_work(
    browser: Browser,
    portal: tuple[str, str],
    account: str,
    language: str,
    *,
    width: int = DESK,
    scripts: bool = True,
) -> Reader:
    """Signed in."""
    address, password = portal
    context = browser.new_context(
        base_url=address,
        locale=language,
        viewport={"width": width, "height": 800},
        java_script_enabled=scripts,
    )
    context.set_default_timeout(PATIENCE)
    reader = Reader(context.new_page(), language, account)
    reader.page.on("console", lambda message: reader.said.append(message.text))
    reader.page.goto("/sign-in/")
    if width == PHONE:  # where there is least room
        reader.look("sign-in")
    reader.page.fill("#id_username", account)
    reader.page.fill("#id_password", password)
    reader.page.press("#id_password", "Enter")
    reader.page.wait_for_url(lambda url: "/sign-in/" not in url)
    return reader
