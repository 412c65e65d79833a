"""Pictures of the main pages, to look at: `python -m tests.browser.screenshots FOLDER`.

Starts a site with photos of its own and takes each page on a phone and on a desktop, light and dark. Those that the
README shows are made anew in docs/images as well.
"""

import dataclasses
import io
import itertools
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests import install
from tests.browser.collection import OWNER, PHOTOS, STAFF, Library, fill, large_cat
from tests.browser.visitor import LAUNCH
from tests.site import pictures
from tests.site.client import Client
from tests.site.running import PASSWORD, ROOT, Site

SIZES: Final = {"phone": (390, 844), "desktop": (1440, 900)}
PUBLISHED: Final = ROOT / "docs" / "images"
_MOST_BYTES: Final = 300_000
_SMALL: Final = (1200, 750)
_DESIGN: Final = (900, 1120)
_QUICK: Final = {"PHOTOSITE_SWEEP_SECONDS": "3"}
_MORE: Final = 44
_RATIOS: Final = (1.5, 0.75, 1.33, 1.0, 1.78, 0.67, 2.6)
_TOWNS: Final = (
    (48.86, 2.35),
    (45.76, 4.84),
    (47.37, 8.54),
    (52.52, 13.4),
    (43.77, 11.25),
    (64.15, -21.94),
    (-33.87, 151.21),
)
_LAST: Final = datetime(2026, 3, 21, 17, 40, tzinfo=UTC)
_NOBODYS: Final = {
    "welcome": "/",
    "sign-in": "/accounts/login/",
    "sign-up": "/accounts/signup/",
    "reset": "/accounts/password/reset/",
    "not-found": "/no/such/page/",
    "shared": "{shared}",
    "shared-password": "{locked}",
}
_OWNERS: Final = {
    "samples": "/samples/",
    "timeline": "/",
    "upload": "/upload/",
    "favourites": "/favourites/",
    "albums": "/albums/",
    "album": "/albums/{album}/",
    "share": "/albums/{album}/share/",
    "shares": "/shares/",
    "trash-empty": "/trash/empty/",
    "labels": "/labels/",
    "search-start": "/search/",
    "search": "/search/?label=Animal",
    "search-none": "/search/?label=Dog",
    "activity": "/activity/",
    "usage": "/usage/",
    "trash": "/trash/",
    "photo": "/photos/{cat}/",
    "photo-trashed": "/photos/{trashed}/",
    "photo-failed": "/photos/{broken}/",
    "delete": "/photos/{trashed}/delete/",
    "recognition": "/recognition/",
    "runs": "/runs/",
    "run": "/runs/{run}/",
    "searches": "/searches/",
    "verdict": "/search/verdict/?q=Cat&state=rejected",
    "archive": "/archive/",
    "duplicates": "/duplicates/",
    "memories": "/memories/",
    "map": "/map/",
    "shortcuts": "/shortcuts/",
    "account": "/accounts/settings/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
}

_STAFFS: Final = {
    "admin": "/admin/",
    "admin-users": "/admin/accounts/user/",
    "admin-photos": "/admin/gallery/photo/",
    "admin-photo": "/admin/gallery/photo/{cat}/change/",
    "admin-larger": "/admin/gallery/photo/{cat}/larger/",
    "admin-queue": "/admin/gallery/job/queue/",
    "admin-failures": "/admin/gallery/job/failures/",
    "admin-jobs": "/admin/gallery/job/",
    "admin-shares": "/admin/gallery/share/",
    "admin-runs": "/admin/gallery/run/",
    "admin-bill": "/admin/gallery/spending/",
    "admin-audit": "/admin/admin/logentry/",
}


def main(folder: Path) -> None:
    chromium = install.CHROMIUM.find()
    if chromium is None:
        sys.exit(install.CHROMIUM.how_to)
    folder.mkdir(parents=True, exist_ok=True)
    PUBLISHED.mkdir(parents=True, exist_ok=True)
    with filled_site() as (site, library), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=LAUNCH)
        for device, scheme in itertools.product(SIZES, ("light", "dark")):
            photographer = Photographer(browser, f"http://localhost:{site.port}", library, device, scheme)
            photographer.takes_all(folder)
        clear_up(site.client(OWNER))
        Photographer(browser, f"http://localhost:{site.port}", library, "desktop", "light").takes_readmes()
        take_design(browser)
        browser.close()


def take_design(browser: Browser) -> None:
    """The upper part of docs/design.html, in light and dark beside each other."""
    width, height = _DESIGN
    both = Image.new("RGB", (2 * width, height))
    for place, scheme in enumerate(("light", "dark")):
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=cast("Any", scheme))
        page.goto((ROOT / "docs" / "design.html").as_uri())
        with Image.open(io.BytesIO(page.screenshot())) as taken:
            both.paste(taken.convert("RGB"), (place * width, 0))
    _write_small(both, PUBLISHED / "design.png")


@contextmanager
def filled_site() -> Iterator[tuple[Site, Library]]:
    """A site with the library of the tests, photos of some years, and one that waits for its labels."""
    with tempfile.TemporaryDirectory() as place:
        site = Site(Path(place) / "data", _QUICK)
        try:
            site.start()
            tests = fill(site)
            owner = site.client(OWNER)
            library = dataclasses.replace(tests, cat=_favourite(owner, tests.cat))
            for photo_id in [_add(owner, number) for number in range(_MORE)]:
                owner.labelled(photo_id)
            site.script({"code": "ThrottlingException"})
            owner.add(pictures.fresh(), "just arrived.jpg")
            yield site, library
        finally:
            site.end()


def clear_up(owner: Client) -> None:
    """Deletes what could not be done and what is not done yet."""
    for photo in owner.photos():
        if photo["processing"]["state"] != "done":
            assert owner.ask("DELETE", f"/api/v1/photos/{photo['id']}/?permanent=true").status == 204


class Photographer:
    """The photos' owner, and before that nobody, with one device."""

    def __init__(self, browser: Browser, site: str, library: Library, device: str, scheme: Any) -> None:
        width, height = SIZES[device]
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
        )
        self.page, self.site, self.filled, self.name = (
            context.new_page(),
            site,
            library,
            f"{device}-{scheme}",
        )

    def takes_all(self, folder: Path) -> None:
        for name, path in _NOBODYS.items():
            self._opens(path)
            self.page.screenshot(path=folder / f"{name}-{self.name}.png")
        self._signs_in()
        for name, path in _OWNERS.items():
            self._opens(path)
            self.page.screenshot(path=folder / f"{name}-{self.name}.png")
        self._opens("/")
        self._picks()
        self.page.screenshot(path=folder / f"picked-{self.name}.png")
        self._takes_what_is_asked(folder)
        self._opens("/")
        self.page.get_by_label("Your account").click()
        self.page.screenshot(path=folder / f"menu-{self.name}.png")
        self._opens("/")
        self.page.keyboard.press("Control+k")
        self.page.keyboard.type("al")
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=folder / f"palette-{self.name}.png")
        self._opens("/")
        self.page.locator(".tile:has(img) > a").nth(1).click()
        self.page.locator(".pswp--ui-visible").wait_for()
        if "desktop" in self.name:
            self.page.keyboard.press("i")
            self.page.locator(".panel h1").wait_for()
        self.page.screenshot(path=folder / f"viewer-{self.name}.png")
        self._opens("/photos/{cat}/")
        self.page.screenshot(path=folder / f"photo-whole-{self.name}.png", full_page=True)
        self.page.context.clear_cookies()
        self._signs_in(STAFF)
        for name, path in _STAFFS.items():
            self._opens(path)
            self.page.screenshot(path=folder / f"{name}-{self.name}.png")
        self._opens(_STAFFS["admin-users"])
        self.page.get_by_role("link", name=OWNER).first.click()
        self.page.wait_for_load_state("networkidle")
        self.page.screenshot(path=folder / f"admin-user-{self.name}.png")

    def _picks(self) -> None:
        for place in (1, 3):
            self.page.locator("main .pick").nth(place).check()

    def _takes_what_is_asked(self, folder: Path) -> None:
        """What forms lead to, and no address."""
        for asking in ("album", "dates", "caption"):
            self._opens("/")
            self._picks()
            if asking != "album":
                self.page.locator(".bar summary").click()
            self.page.locator(f".bar [formaction='/selection/{asking}/']").click()
            self.page.wait_for_load_state("networkidle")
            self.page.screenshot(path=folder / f"into-{asking}-{self.name}.png")

    def takes_readmes(self) -> None:
        self._signs_in()
        for name in ("timeline", "photo"):
            self._opens(_OWNERS[name])
            if name == "photo":  # lights the box and its name up
                self.page.locator(".term", has_text=re.compile("^Cat$")).hover()
            with Image.open(io.BytesIO(self.page.screenshot())) as taken:
                _write_small(taken.convert("RGB"), PUBLISHED / f"{name}.png")

    def _signs_in(self, email: str = OWNER) -> None:
        self._opens("/accounts/login/")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.page.locator("main form button").click()
        self.page.wait_for_url(f"{self.site}/")

    def _opens(self, path: str) -> None:
        self.page.goto(self.site + path.format(**dataclasses.asdict(self.filled)), wait_until="networkidle")


def _favourite(owner: Client, small: str) -> str:
    """The large cat in the place of the small one."""
    large = owner.add(large_cat(), "IMG_3999.jpg")
    owner.labelled(large)
    owner.ask("PATCH", f"/api/v1/photos/{large}/", json={"favourite": True, "caption": "Chelsea"})
    owner.ask("DELETE", f"/api/v1/photos/{small}/?permanent=true")
    return large


def _add(owner: Client, number: int) -> str:
    """A piece of one of the photos, in one of many shapes, taken in one of the last years."""
    sources = sorted(PHOTOS.glob("*.jpg"))
    with Image.open(sources[number % len(sources)]) as whole:
        ratio = _RATIOS[number % len(_RATIOS)]
        width, height = min(whole.width, whole.height * ratio), min(whole.height, whole.width / ratio)
        left, top = (whole.width - width) / 2, (whole.height - height) / 2
        piece = whole.convert("RGB").crop((round(left), round(top), round(left + width), round(top + height)))
    out = io.BytesIO()
    exif = pictures.position(*_TOWNS[number % len(_TOWNS)])
    piece.save(out, "JPEG", quality=92, comment=f"number {number}".encode(), exif=exif)
    taken = _LAST - timedelta(days=3 * number, hours=number % 9)
    answer = owner.ask(
        "POST",
        "/api/v1/photos/",
        fields={
            "file": (f"IMG_{4000 + number}.jpg", out.getvalue(), "image/jpeg"),
            "taken_at": taken.isoformat(),
        },
    )
    assert answer.status == 201, answer
    return str(answer.json["id"])


def _write_small(picture: Image.Image, path: Path) -> None:
    """As a PNG with as many colours as the size allows."""
    picture.thumbnail(_SMALL)
    for colours in (256, 192, 128):
        picture.quantize(colours, kmeans=2, dither=Image.Dither.NONE).save(path, optimize=True)
        if path.stat().st_size <= _MOST_BYTES:
            return
    raise SystemExit(f"{path} is larger than {_MOST_BYTES} bytes.")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Usage: python -m tests.browser.screenshots FOLDER")
    main(Path(sys.argv[1]))
