"""supervisord, with two changes: a closed terminal ends the site, and a data folder has one site at most.

Run as `python -m photosite.supervise DATA_DIR`. To supervisord a hang-up means "read your file again", so
closing the terminal would leave the site running without an owner.
"""

import fcntl
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import IO

from supervisor.medusa import asyncore_25 as asyncore
from supervisor.options import ServerOptions
from supervisor.supervisord import Supervisor

from photosite import runfile
from photosite.localaws import s3


class _Options(ServerOptions):  # type: ignore[misc]
    def setsignals(self) -> None:
        super().setsignals()
        signal.signal(signal.SIGHUP, self._terminate)

    def _terminate(self, _number: int, frame: FrameType | None) -> None:
        self.signal_receiver.receive(signal.SIGTERM, frame)


def lock(data_dir: Path) -> IO[str] | None:
    """The data folder's lock, held while the returned file is open; None if a site runs on it already."""
    handle = (data_dir / "site.lock").open("w")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle


def main(data_dir: Path) -> None:
    held = lock(data_dir)
    if held is None:
        sys.exit(f"photosite: a site is already running on {data_dir}")
    options = _Options()
    options.realize(["-n", "-c", str(data_dir / "supervisord.conf")])
    options.first, options.test = True, False
    try:
        Supervisor(options).main()
    except asyncore.ExitNow:  # how it says that all have ended
        pass
    finally:
        s3.remove_sockets(runfile.ensure(data_dir))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
