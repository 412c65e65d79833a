"""One large download from a running site, watched: how soon it begins, and what the web server holds of it."""

import dataclasses
import re
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import urllib3

from tests.site.running import Site
from tests.site.unzipped import Member, members

OWNER: Final = "collector@example.org"
_CHUNK: Final = 1024 * 1024
_RESIDENT: Final = re.compile(r"VmRSS:\s+(\d+) kB")


@dataclasses.dataclass
class Download:
    """`album`, `session`: what to ask for, as whom. Filled while it comes: seconds until the first byte and in all, and
    by how many megabytes the web server grew at most."""

    site: Site
    album: str
    session: str
    first: float = 0
    seconds: float = 0
    received: int = 0
    grew: float = 0

    def members(self) -> Iterator[Member]:
        """The zip file's, each once it has come whole."""
        return members(self._chunks())

    def _chunks(self) -> Iterator[bytes]:
        workers = [one.pid for one in self.site.children("web")]
        before, began = _resident(workers), time.monotonic()
        answer = self._ask()
        assert answer.status == 200, answer.status
        for chunk in answer.stream(_CHUNK):
            self.first = self.first or time.monotonic() - began
            self.received += len(chunk)
            self.grew = max(self.grew, _resident(workers) - before)
            yield chunk
        self.seconds = time.monotonic() - began

    def _ask(self) -> Any:
        cookie = f"session-{self.site.port}={self.session}"
        return urllib3.request(
            "GET",
            f"{self.site.url}/albums/{self.album}/download/",
            headers={"Cookie": cookie},
            preload_content=False,
            retries=False,
            redirect=False,
            timeout=urllib3.Timeout(connect=5, read=120),
        )


def fill(site: Site, count: int, size: int, *, seconds: float) -> Download:
    """Makes a user with an album of so many originals of so many bytes."""
    site.user(OWNER)
    command = [site.python, "-m", "tests.site.originals", OWNER, str(count), str(size)]
    done = subprocess.run(
        command,
        cwd=site.root,
        env=site.environment(),
        check=False,
        capture_output=True,
        text=True,
        timeout=seconds,
    )
    assert done.returncode == 0, done.stderr
    album, session = done.stdout.split()[-2:]
    return Download(site, album, session)


def _resident(pids: Sequence[int]) -> float:
    """Megabytes of these processes together."""
    found = (_RESIDENT.search(Path(f"/proc/{pid}/status").read_text()) for pid in pids)
    return sum(int(one[1]) for one in found if one) / 1024
