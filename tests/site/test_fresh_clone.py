"""Somebody clones the project and types `make run`: it works, and nothing outside clone and data is written."""

import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.site import pictures
from tests.site.running import ROOT, Site
from tests.site.tree import Process

pytestmark = [pytest.mark.site, pytest.mark.long]
PYTHON: Final = Path(sys.base_prefix) / "bin/python3.11"
# Where this machine gets packages from, and the compiler whose version pip asks for: neither is tried here.
MACHINE: Final = {
    "PIP_CONFIG_FILE": str(Path.home() / ".config/pip/pip.conf"),
    "RUSTUP_HOME": str(Path.home() / ".rustup"),
}
INSTALLED_SECONDS: Final = 600
# The kernel's own places, and memory that has a file's name.
_NO_DISK: Final = ("/dev/", "/proc/", "/sys/", "/memfd:", "pipe:", "socket:", "anon_inode:")


def test_a_fresh_clone_runs_and_writes_nowhere_else(new_site: Callable[..., Site], tmp_path: Path) -> None:
    clone = clone_into(tmp_path / "clone")
    home = tmp_path / "home"
    home.mkdir()
    site = new_site(
        root=clone,
        command=("make", "run", f"PYTHON={PYTHON}"),
        settings={"HOME": str(home), **MACHINE},
    )
    site.data = clone / "var"
    began = time.monotonic()
    site.start(INSTALLED_SECONDS)
    print(f"from a fresh clone to the address: {time.monotonic() - began:.0f} s")  # noqa: T201
    alice = site.user("alice@example.org")
    assert alice.labelled(alice.add(pictures.cat()))["labels"]
    assert written_elsewhere(site.left(), clone) == []
    site.stop()
    assert sorted(home.rglob("*")) == []
    began = time.monotonic()
    site.start()
    print(f"second start: {time.monotonic() - began:.0f} s")  # noqa: T201
    site.stop()


def clone_into(folder: Path) -> Path:
    """What a clone has: every file that git knows or would add."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def written_elsewhere(processes: list[Process], clone: Path) -> list[str]:
    """Files that these processes hold open for writing and that lie outside the clone."""
    return [f"{path} by {process}" for process in processes for path in written(process.pid, clone.parent)]


def written(pid: int, allowed: Path) -> list[str]:
    found = []
    for entry in (Path("/proc") / str(pid) / "fd").iterdir():
        try:
            path = str(entry.readlink())
            flags = int((Path("/proc") / str(pid) / "fdinfo" / entry.name).read_text().split()[3], 8)
        except FileNotFoundError:
            continue
        if flags & 3 and not path.startswith((str(allowed), *_NO_DISK)):
            found.append(path)
    return found
