"""How a site ends: told to, with Ctrl-C, with its terminal, with its supervisor. Always whole, with its data kept."""

import fcntl
import os
import signal
import subprocess
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

import pytest

from tests.site import pictures
from tests.site.running import GONE_SECONDS, START_SECONDS, Site
from tests.site.waiting import took, until

pytestmark = [pytest.mark.site]
CTRL_C: Final = b"\x03"


class Terminal:
    """A terminal window: what its program prints is on `screen`."""

    def __init__(self) -> None:
        self.window, self._line = os.openpty()
        os.set_blocking(self.window, False)
        self.screen = b""

    def run(self, site: Site) -> None:
        """Starts the site as the terminal's program: leader of its session, in its foreground."""
        site.lay_out()
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


def test_it_ends_with_ctrl_c_comes_back_with_its_photos_and_ends_with_its_supervisor(
    new_site: Callable[..., Site],
) -> None:
    site = new_site(command=("make", "--no-print-directory", "run"))
    with site_in_a_terminal(site) as terminal:
        alice = site.user("alice@example.org")
        photo = alice.add(pictures.cat())
        labels = alice.labelled(photo)["labels"]
        assert site.decoding(), site.left_in_words()
        os.write(terminal.window, CTRL_C)
        site.wait_until_gone()
        assert b"Traceback" not in terminal.screen
        terminal.close()

    site.start()
    assert alice.original(photo) == pictures.cat()
    assert alice.photo(photo)["labels"] == labels
    assert "Sign in at" in site.output
    alice.labelled(alice.add(pictures.fresh()))
    assert site.decoding(), site.left_in_words()
    site.supervisor().send(signal.SIGKILL)
    seconds = took(lambda: not site.left(), "all ends with the supervisor", GONE_SECONDS)
    print(f"kill -9 of the supervisor: all gone after {seconds:.1f} s")  # noqa: T201


@pytest.mark.long
def test_make_run_ends_whole_when_make_is_told_to(new_site: Callable[..., Site]) -> None:
    site = new_site(command=("make", "--no-print-directory", "run")).start()
    site.stop()


@pytest.mark.long
def test_nothing_outlives_a_closed_terminal(new_site: Callable[..., Site]) -> None:
    site = new_site()
    with site_in_a_terminal(site) as terminal:
        terminal.close()
        site.wait_until_gone()
