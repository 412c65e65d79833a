"""A TCP proxy of the tests' own before a real server: it counts what is sent, cuts the line, or holds it."""

import contextlib
import socket
import struct
import threading
from collections.abc import Sequence
from typing import Final

_CHUNK: Final = 64 * 1024
_AT_ONCE: Final = struct.pack(
    "ii", 1, 0
)  # SO_LINGER: closing says RST, as a line that breaks does not say good-bye


class Proxy:
    """Listens on 127.0.0.1. `sent`: bytes that came from clients. When they pass one of `cuts`, every connection is
    broken; when they pass `hold`, nothing goes on until `release`."""

    def __init__(self, port: int, upstream: int, *, cuts: Sequence[int] = (), hold: int = 0) -> None:
        self.port, self.upstream = port, upstream
        self.sent = self.broken = 0
        self.held, self._released = threading.Event(), threading.Event()
        self._cuts, self._hold = list(cuts), hold
        self._lock, self._open = threading.Lock(), set[socket.socket]()
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def release(self) -> None:
        self._released.set()

    def close(self) -> None:
        self.release()
        self._listener.close()
        self._break()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self.upstream))
                with self._lock:
                    self._open |= {client, server}
                for one, other, counted in ((client, server, True), (server, client, False)):
                    threading.Thread(target=self._carry, args=(one, other, counted), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, counted: bool) -> None:
        with contextlib.suppress(OSError):
            while chunk := one.recv(_CHUNK):
                if counted:
                    self._count(len(chunk))
                other.sendall(chunk)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _count(self, size: int) -> None:
        with self._lock:
            self.sent += size
            cut = bool(self._cuts) and self.sent >= self._cuts[0]
            if cut:
                self._cuts.pop(0)
                self.broken += 1
        if cut:
            self._break()
        if self._hold and self.sent >= self._hold and not self._released.is_set():
            self.held.set()
            self._released.wait()

    def _break(self) -> None:
        with self._lock:
            broken, self._open = self._open, set()
        for each in broken:
            with contextlib.suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
