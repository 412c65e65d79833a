"""A person in front of a browser, whom nothing may go wrong for on any page."""

import dataclasses
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Request,
    Response,
    expect,
)

from tests.browser.weights import too_heavy
from tests.site.running import PASSWORD

LAUNCH: Final = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)
PATIENCE_MS: Final = (
    45_000  # on a machine that does other things beside; nothing waits so long where all is well
)
_UNSIZED: Final = "img:not([width]), img:not([height])"
# What loads late and moves what was there. Asked after two frames, when the observer has been told of all shifts.
_SEEN: Final = 0.005  # a layout shift below it is told as 0.00
_SHIFTED: Final = """() => new Promise(told => {
  let sum = 0;
  new PerformanceObserver(list => { for (const entry of list.getEntries()) sum += entry.value; })
    .observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(sum))));
})"""


class Person(NamedTuple):
    """Who has an account, and the cookie of a session of theirs."""

    email: str
    cookie: str
    session: str


@dataclasses.dataclass
class Visitor:
    """One person's browser with its cookies. `wrong`: all that went wrong in it, which should be nothing."""

    context: BrowserContext
    site: str
    policy: dict[str, set[str]]
    people: Iterator[Person]
    scripts: bool = True
    status: int = 200  # what the next page is expected to answer
    wrong: list[str] = dataclasses.field(default_factory=list)

    def __post_init__(self) -> None:
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.wrong.append(f"script: {error.error}"))
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)
        self.page = self.context.new_page()

    # --- what a person does ------------------------------------------------------------------------------

    def open(self, path: str, status: int = 200) -> None:
        """Types an address."""
        self.status = status
        answer = self.page.goto(path if "://" in path else self.site + path, wait_until="load")
        assert answer is not None
        assert answer.status == status, f"{path}: {answer.status}"
        self.look()

    def press(self, name: str, within: Locator | None = None) -> None:
        """Presses a button that leads to another page."""
        self._go((within or self.page).get_by_role("button", name=name, exact=True))

    def follow(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        """Clicks a link."""
        self._go((within or self.page).get_by_role("link", name=name, exact=isinstance(name, str)))

    def fill(self, **fields: str) -> None:
        """Fills in fields by their names."""
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]").fill(text)

    def sign_up(self, email: str, password: str = PASSWORD) -> None:
        self.open("/accounts/signup/")
        self.fill(email=email, password1=password, password2=password)
        self.press("Create account")
        self.follow("Confirm my address")
        self.press("Yes, confirm")

    def come_in(self, person: Person | None = None) -> str:
        """As somebody who is signed in: a new one, if it is not said who. Their address."""
        person = person or next(self.people)
        self.context.add_cookies([{"name": person.cookie, "value": person.session, "url": self.site}])
        self.open("/")
        return person.email

    def sign_in(self, email: str, password: str = PASSWORD) -> None:
        self.open("/accounts/login/")
        self.fill(login=email, password=password)
        self.press("Sign in")

    def sign_out(self) -> None:
        self.page.get_by_label("Your account").click()
        self.press("Sign out")

    def upload(self, *files: FilePayload) -> None:
        self.open("/upload/")
        self.page.get_by_label("Choose your photos").set_input_files(files)
        if self.scripts:
            expect(self.tray.get_by_role("button", name="Close")).to_be_visible(timeout=PATIENCE_MS)
            self.all_is_well()
        else:
            self.press("Upload", self.page.get_by_role("main"))

    @property
    def tray(self) -> Locator:
        """What tells of files that are being sent."""
        return self.page.get_by_role("region", name="Uploads")

    def sees(self, *texts: str) -> None:
        for text in texts:
            expect(self.page.get_by_text(text, exact=False).first).to_be_visible()

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(re.compile(rf"^{re.escape(self.site)}{path}$"))

    # --- what must hold on every page ----------------------------------------------------------------------

    def look(self) -> None:
        """Nothing went wrong on this page, its pictures take their place at once, and nothing in it moves."""
        address = self.page.url
        if not address.startswith((f"{self.site}/admin/", f"{self.site}/api/")):
            self._look_still(address)
        self.all_is_well()

    def _look_still(self, address: str) -> None:
        """Django's admin and the API's page to try it are as their makers drew them."""
        unsized = self.page.locator(_UNSIZED).count()
        assert not unsized, f"{address}: {unsized} pictures without width and height"
        if self.scripts:
            shifted = self.page.evaluate(_SHIFTED)
            assert shifted < _SEEN, f"{address}: layout shifts by {shifted}"
            assert too_heavy(self.page) == [], address

    def all_is_well(self) -> None:
        assert self.wrong == [], f"{self.page.url}: {self.wrong}"

    def _go(self, target: Locator, status: int = 200) -> None:
        self.status = status
        with self.page.expect_navigation(wait_until="load"):
            target.click()
        self.look()

    def _console(self, message: ConsoleMessage) -> None:
        # Answers with an error status are told here as well; `_answered` knows which of them were expected.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.wrong.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        # A picture still on its way when the person goes on is no failure.
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"{request.failure}: {request.url}")

    def _answered(self, response: Response) -> None:
        page = response.request.is_navigation_request()
        # Why a file is refused is said in words, beside it.
        told = response.request.method == "POST" and response.url.startswith(
            (f"{self.site}/api/v1/photos/", f"{self.site}/api/v1/uploads/batch/")
        )
        if response.status >= 400 and not told and not (page and response.status == self.status):
            self.wrong.append(f"{response.status}: {response.url}")
        if page and response.url.startswith(self.site) and response.status not in (301, 302, 303):
            self._policed(response)

    def _policed(self, response: Response) -> None:
        stated = policy(response.headers.get("content-security-policy", ""))
        if stated != self.policy:
            self.wrong.append(f"Content-Security-Policy of {response.url}: {stated}")


def policy(header: str) -> dict[str, set[str]]:
    """Directive → its sources."""
    parts = (part.split() for part in header.split(";"))
    return {part[0]: set(part[1:]) for part in parts if part}


def expected_policy(bucket: str) -> dict[str, set[str]]:
    """What every page says. `bucket`: the origin that pictures come from."""
    return policy(
        "default-src 'none'; script-src 'self'; style-src 'self'; "
        f"img-src 'self' data: blob: {bucket}; connect-src 'self' {bucket}; worker-src 'self'; font-src 'self'; "
        "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def jpeg(name: str, data: bytes) -> FilePayload:
    return {"name": name, "mimeType": "image/jpeg", "buffer": data}
