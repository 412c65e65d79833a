"""Sees to it that there is a browser for the tests: `python -m tests.browser.install`, part of `make test`.

A missing one is installed where apt-get may be used. Where it may not, one loud line says what is skipped and how
to get it; with CI=true that is a failure.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
_PACKAGES: Final = ("chromium", "fonts-noto-core", "fonts-noto-color-emoji")
HOW_TO: Final = (
    f"NO BROWSER: the browser tests are skipped. Get one with: apt-get install {' '.join(_PACKAGES)} "
    "(or name one in PHOTOSITE_CHROMIUM)"
)


def find() -> str | None:
    """The path of a chromium; None if there is none."""
    named = os.environ.get("PHOTOSITE_CHROMIUM")
    if named:
        return named if Path(named).is_file() else None
    return next((found for found in map(shutil.which, _NAMES) if found), None)


def must_be_there() -> bool:
    """In CI nobody reads a line that says what was skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def main() -> int:
    """The exit status: 1 where a browser is needed and cannot be had."""
    if find():
        return 0
    prefix = _way_to_root()
    if prefix is not None and not os.environ.get("PHOTOSITE_CHROMIUM"):
        _say(f"Installing (once) a browser for the tests with apt-get: {' '.join(_PACKAGES)} …")
        _install(prefix)
        if find():
            return 0
    _say(HOW_TO)
    return 1 if must_be_there() else 0


def _way_to_root() -> Sequence[str] | None:
    """What stands before apt-get where it may be used without asking anybody; None where it may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ("sudo", "-n")
    return None


def _install(prefix: Sequence[str]) -> None:
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for rest in (["update"], ["install", "-y", "--no-install-recommends", *_PACKAGES]):
        done = subprocess.run([*apt, *rest], check=False, capture_output=True, text=True)
        if done.returncode:
            _say(f"apt-get {rest[0]} did not succeed: {done.stderr.strip()[-500:]}")
            return


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
