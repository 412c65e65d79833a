"""The icons of the installed site, from the brand's drawing: `python -m tests.browser.icons`."""

import base64
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests import install
from tests.browser.visitor import LAUNCH
from tests.site.running import ROOT

FOLDER: Final = ROOT / "static" / "icons"
# Side in pixels, how much of it the drawing takes, and what is around it: a telephone cuts its own shape out.
ICONS: Final = {
    "icon-192.png": (192, 1.0, "transparent"),
    "icon-512.png": (512, 1.0, "transparent"),
    "maskable-512.png": (512, 0.8, "#2f5c9e"),
    "apple-touch-icon.png": (180, 0.9, "#2f5c9e"),
}


def main(folder: Path) -> None:
    chromium = install.CHROMIUM.find()
    if chromium is None:
        sys.exit(install.CHROMIUM.how_to)
    drawing = base64.b64encode((FOLDER / "favicon.svg").read_bytes()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=LAUNCH)
        for name, (side, share, around) in ICONS.items():
            page = browser.new_page(viewport={"width": side, "height": side})
            page.set_content(
                f'<body style="margin:0;height:100vh;display:grid;place-items:center;background:{around}">'
                f'<img src="data:image/svg+xml;base64,{drawing}" width="{side * share}" height="{side * share}">'
            )
            page.screenshot(path=folder / name, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main(FOLDER)
