"""Sees to it that there are the programs that tests drive: `python -m tests.install`, part of `make test`.

With --long, as in `make test-long`, also the other browser.

A missing one is installed where apt-get may be used. Where it may not, one loud line says what is skipped and how
to get it; with CI=true that is a failure.
"""

import dataclasses
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final


@dataclasses.dataclass(frozen=True)
class Program:
    """What it is called where it is installed, the best one first, which apt-get gets from these packages; the variable
    in which a person may name another; which tests are skipped without it."""

    names: tuple[str, ...]
    packages: tuple[str, ...]
    variable: str
    skipped: str = "the tests in this browser"

    def find(self) -> str | None:
        """Its path; None if there is none."""
        named = os.environ.get(self.variable)
        if named:
            return named if Path(named).is_file() else None
        return next((found for found in map(shutil.which, self.names) if found), None)

    @property
    def how_to(self) -> str:
        return (
            f"NO {self.names[0].upper()}: {self.skipped} are skipped. Get it with: "
            f"apt-get install {' '.join(self.packages)} (or name one in {self.variable})"
        )


# Debian builds the same chromium without a window's frame: a page costs a fifth of the processor's time.
CHROMIUM: Final = Program(
    ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    ("chromium-headless-shell", "fonts-noto-core", "fonts-noto-color-emoji"),
    "PHOTOSITE_CHROMIUM",
)
FIREFOX: Final = Program(("firefox-esr", "firefox"), ("firefox-esr",), "PHOTOSITE_FIREFOX")
EXIFTOOL: Final = Program(
    ("exiftool",),
    ("libimage-exiftool-perl",),
    "PHOTOSITE_EXIFTOOL",
    "the tests that compare what we read of photos with what it reads",
)


def must_be_there() -> bool:
    """In CI nobody reads a line that says what was skipped."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def main(arguments: Sequence[str] = ()) -> int:
    """The exit status: 1 where one is needed and cannot be had. With --long also what only `make test-long` needs."""
    wanted = [CHROMIUM, EXIFTOOL, FIREFOX] if "--long" in arguments else [CHROMIUM, EXIFTOOL]
    missing = [program for program in wanted if not _seen_to(program)]
    for program in missing:
        _say(program.how_to)
    return 1 if missing and must_be_there() else 0


def _seen_to(program: Program) -> bool:
    prefix = _way_to_root()
    if not (os.environ.get(program.variable) or shutil.which(program.names[0]) or prefix is None):
        _say(f"Installing (once) for the tests with apt-get: {' '.join(program.packages)} …")
        _install(prefix, program.packages)
    return program.find() is not None


def _way_to_root() -> Sequence[str] | None:
    """What stands before apt-get where it may be used without asking anybody; None where it may not."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ()
    if shutil.which("sudo") and _succeeds(["sudo", "-n", "true"]):
        return ("sudo", "-n")
    return None


def _install(prefix: Sequence[str], packages: Sequence[str]) -> None:
    apt = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    for rest in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run([*apt, *rest], check=False, capture_output=True, text=True)
        if done.returncode:
            _say(f"apt-get {rest[0]} did not succeed: {done.stderr.strip()[-500:]}")
            return


def _succeeds(command: Sequence[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
