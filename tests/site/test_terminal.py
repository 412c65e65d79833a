"""The person closes the terminal that the site runs in, or presses Ctrl-C there."""

import fcntl
import os
import subprocess
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pytest

from tests.site.running import START_SECONDS, Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site, pytest.mark.xdist_group("site-own")]
CTRL_C: Final = b"\x03"


class Terminal:
    """A terminal window: what its program prints is on `screen`."""

    def __init__(self) -> None:
        self.window, self._line = os.openpty()
        os.set_blocking(self.window, False)
        self.screen = b""

    def run(self, site: Site) -> None:
        """Starts the site as the terminal's program: leader of its session, in its foreground."""
        site.process = subprocess.Popen(
            site.command,
            cwd=site.root,
            env=site.environment(),
            stdin=self._line,
            stdout=self._line,
            stderr=self._line,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(self._line)

    def shows(self, words: bytes) -> bool:
        with suppress(BlockingIOError):
            self.screen += os.read(self.window, 65536)
        return words in self.screen

    def close(self) -> None:
        os.close(self.window)


@contextmanager
def site_in_a_terminal(site: Site) -> Iterator[Terminal]:
    terminal = Terminal()
    terminal.run(site)
    until(lambda: terminal.shows(b"Photosite is running"), "the site starts", START_SECONDS)
    yield terminal


def test_nothing_outlives_a_closed_terminal(new_site: Callable[..., Site]) -> None:
    site = new_site()
    with site_in_a_terminal(site) as terminal:
        terminal.close()
        site.wait_until_gone()


def test_ctrl_c_ends_the_site_whole(new_site: Callable[..., Site]) -> None:
    site = new_site(command=("make", "--no-print-directory", "run"))
    with site_in_a_terminal(site) as terminal:
        os.write(terminal.window, CTRL_C)
        site.wait_until_gone()
        assert b"Traceback" not in terminal.screen
        terminal.close()
