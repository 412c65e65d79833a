"""The recogniser: `python -m photosite.localaws.rekognition --port N`.

One master and one worker of gunicorn, on 127.0.0.1 unless told otherwise. Twenty callers may wait at once, so
HTTP has many threads, while a semaphore lets two of them into the networks. The application is imported in the
worker alone: the master stays small.
"""

import ctypes
import os
import signal
import socket
import struct
import sys
from typing import Any, Final

from gunicorn import util
from gunicorn.app.base import BaseApplication

from photosite.localaws.settings import Settings, StartError, read_settings

HTTP_THREADS: Final = 40
"""Twenty callers of one worker, and room for those that a fault script keeps waiting."""

SILENT_SECONDS: Final = 20
NICE: Final = 5
PR_SET_PDEATHSIG: Final = 1
M_ARENA_MAX: Final = -8
M_MMAP_THRESHOLD: Final = -3
APPLICATION: Final = "photosite.localaws.server:build"


class Recogniser(BaseApplication):  # type: ignore[misc]
    """gunicorn as a library, with settings that leave nothing to its files or environment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        super().__init__()

    def load_config(self) -> None:
        """Everything is given here; GUNICORN_CMD_ARGS and gunicorn.conf.py are not read."""
        for name, value in gunicorn_settings(self.settings).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The WSGI application, imported by name so that only the worker pays for the networks."""
        return util.import_app(APPLICATION)(self.settings)


def gunicorn_settings(settings: Settings) -> dict[str, Any]:
    """gunicorn's settings by name."""
    return {
        "bind": f"{settings.host}:{settings.port}",
        "worker_class": "gthread",
        "workers": 1,
        "threads": HTTP_THREADS,
        "keepalive": 30,
        "graceful_timeout": 3,
        "timeout": 60,
        "control_socket_disable": True,
        "worker_tmp_dir": "/dev/shm" if os.access("/dev/shm", os.W_OK) else None,  # noqa: S108
        "proc_name": "rekognition",
        "loglevel": "warning",
        "when_ready": lose_patience,
        "post_fork": follow_master,
    }


def lose_patience(arbiter: Any) -> None:
    """A client that goes silent within a request holds one of the threads; not for ever.

    Connections inherit the listener's time limit, for headers and body alike (socket(7)).
    """
    for listener in arbiter.LISTENERS:
        limit = struct.pack("ll", SILENT_SECONDS, 0)
        listener.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, limit)


def follow_master(_arbiter: Any, worker: Any) -> None:
    """The worker dies with its master, however that one dies, and so frees the port at once."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != worker.ppid:
        os.kill(os.getpid(), signal.SIGKILL)


def be_modest() -> None:
    """The web goes first, and memory goes back to the system.

    Without the two limits each of forty threads would keep a heap of its own, and glibc would raise its limit
    until the networks' buffers of some megabytes stayed in those heaps: 500 MB resident in place of 200.
    """
    os.nice(NICE)
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(M_ARENA_MAX, 2)
        libc.mallopt(M_MMAP_THRESHOLD, 256 * 1024)


def check_ports(settings: Settings) -> None:
    """Raises StartError for a port that somebody else listens on."""
    wanted = (
        ("--port", settings.host, settings.port),
        ("--control-port", "127.0.0.1", settings.control_port),
    )
    for option, host, port in wanted:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port or 0))
            except OSError as error:
                raise StartError(f"{option}: cannot listen on {host}:{port}: {error.strerror}") from error


def main() -> None:
    """Runs until SIGTERM or SIGINT; a start that cannot work ends with one line and status 2."""
    try:
        settings = read_settings(sys.argv[1:], os.environ)
        check_ports(settings)
    except StartError as error:
        sys.stderr.write(f"rekognition: {error}\n")
        sys.exit(2)
    be_modest()
    Recogniser(settings).run()


if __name__ == "__main__":
    main()
