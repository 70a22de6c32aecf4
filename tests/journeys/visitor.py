"""A person at a browser: goes to pages, fills and presses, and complains about everything that is not right on the way."""

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from tests.journeys import audit
from tests.journeys.served import Site

#: Nothing on a busy machine takes longer; pages themselves are far quicker.
PATIENCE_MS = 20_000

DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "device_scale_factor": 2,
    "user_agent": "Mozilla/5.0 (Linux; Android 13; Pixel 7) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Mobile Safari/537.36",
}
SCREENS = {"desktop": DESKTOP, "phone": PHONE}

#: The browser says these of answers that are refusals; the answers themselves are looked at instead.
_OF_ANSWERS = re.compile(r"^Failed to load resource: the server responded with a status of")


@dataclass
class Visitor:
    """One browser window and what it noticed. `seen` keeps what was examined already, for all visitors of a run."""

    site: Site
    context: BrowserContext
    is_phone: bool
    seen: set[str]
    has_script: bool = True
    complaints: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    page: Page = field(init=False)
    status: int = 0
    _examiner: Page | None = None

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.page = self.another_page()

    def another_page(self) -> Page:
        """Open one more page (tab) of the same browser."""
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: script error: {error}"))
        page.on("response", self._answered)
        page.on("requestfailed", self._failed)
        return page

    def _heard(self, line: ConsoleMessage) -> None:
        if line.type == "error" and not _OF_ANSWERS.match(line.text):
            self.complaints.append(f"{line.location.get('url', '')}: console: {line.text}")

    def _answered(self, response: Response) -> None:
        is_page = response.request.is_navigation_request() and response.frame.parent_frame is None
        if is_page:
            self.status = response.status
        if response.status >= 400 and response.status not in self.expected:
            self.complaints.append(f"{response.request.method} {response.url}: {response.status}")

    def _failed(self, request: Request) -> None:
        # A page that is left, or turns out to be a download, ends its request in this way; nothing is wrong then.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"{request.method} {request.url}: {request.failure}")

    # Acts: each leaves the visitor on a page that has been examined.

    def go(self, path: str, *, status: int = 200) -> None:
        """Type an address."""
        self.expected = {status}
        self.page.goto(path)
        self.look(status)

    def go_anywhere(self, path: str) -> None:
        """Type an address that may be there for this person, or not; either way a good page comes."""
        self.expected = {403, 404, 405}
        self.page.goto(path)
        assert self.status < 400 or self.status in self.expected, f"{path} answered {self.status}\n{self._why()}"
        self.look(self.status)

    def is_kept_out_of(self, path: str) -> None:
        """Type an address and be told that there is nothing, or nothing for people like this one."""
        self.expected = {403, 404}
        self.page.goto(path)
        assert self.status in self.expected, f"{path} answered {self.status}"
        self.look(self.status)

    def press(self, name: str | re.Pattern[str] | Locator, *, status: int = 200, exact: bool = True) -> None:
        """Press a button, or follow a link, that leads to a page."""
        target = name if isinstance(name, Locator) else self.act(name, exact=exact)
        self.expected = {status}
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.look(status)

    def download(self, target: Locator, path: Path) -> Path:
        """Press what gives a file, and keep it."""
        self.expected = {200}
        with self.page.expect_download() as coming:
            target.click()
        coming.value.save_as(path)
        return path

    def act(self, name: str | re.Pattern[str], *, exact: bool = True) -> Locator:
        """The button or link of this name."""
        named = {"name": name} if isinstance(name, re.Pattern) else {"name": name, "exact": exact}
        inside = self.page.locator("body")
        return (inside.get_by_role("button", **named).or_(inside.get_by_role("link", **named))).and_(
            self.page.locator(":visible")
        )

    def fill(self, label: str, value: str, *, exact: bool = False) -> None:
        """Write into the field of this label."""
        self.page.get_by_label(label, exact=exact).fill(value)

    def sees(self, words: str | re.Pattern[str]) -> None:
        """Make sure that the page shows the words."""
        expect(self.page.locator("main")).to_contain_text(words, timeout=PATIENCE_MS)

    def text(self, selector: str = "main") -> str:
        """What is written there."""
        return self.page.locator(selector).first.inner_text()

    def look(self, status: int = 200) -> None:
        """Examine the page as it is shown now; the same page is examined once."""
        assert self.status == status, f"{self.page.url} answered {self.status}, not {status}\n{self._why()}"
        key = self._fingerprint()
        if key not in self.seen:
            self.seen.add(key)
            page = self.page if self.has_script else self._twin()
            self.complaints += audit.faults(page, is_phone=self.is_phone)
        assert not self.complaints, "\n".join(self.complaints)

    def _twin(self) -> Page:
        """The same page where scripts run, since the examination is one; what needs script is as it is without."""
        if self._examiner is None:
            assert self.context.browser is not None
            size = {"viewport": self.page.viewport_size, "is_mobile": self.is_phone, "has_touch": self.is_phone}
            self._examiner = self.context.browser.new_context(reduced_motion="reduce", **size).new_page()  # type: ignore[arg-type]
        bare = re.sub(r"<script\b.*?</script>|</?noscript\b[^>]*>", "", self.page.content(), flags=re.DOTALL)
        address = self.page.url.partition("#")[0]
        self._examiner.route(address, lambda route: route.fulfill(body=bare, content_type="text/html; charset=utf-8"))
        self._examiner.goto(address)
        self._examiner.unroute(address)
        return self._examiner

    def close(self) -> None:
        """Close the window."""
        if self._examiner is not None:
            self._examiner.context.close()
        self.context.close()

    def _why(self) -> str:
        return self.site.troubles() if self.status >= 500 else self.page.locator("body").inner_text()[:1500]

    def _fingerprint(self) -> str:
        shape = re.sub(r"\d+|csrf\w*|[0-9a-f-]{36}|value=\"[A-Za-z0-9]{64}\"", "", self.page.content())
        return hashlib.sha256(f"{self.is_phone}{shape}".encode()).hexdigest()

    def picture(self, folder: Path, name: str) -> Path:
        """Keep what is shown, for whoever reads the failure."""
        path = folder / f"{name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path


def open_window(browser: Browser, site: Site, screen: str, seen: set[str], **more: Any) -> Visitor:
    """Open a window of a screen's size; `more` goes to the browser context (storage_state, java_script_enabled…)."""
    context = browser.new_context(
        base_url=site.address,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        reduced_motion="reduce",
        accept_downloads=True,
        **(SCREENS[screen] | more),
    )
    return Visitor(site, context, screen == "phone", seen, has_script=more.get("java_script_enabled", True))
