"""run.json: the ports and passwords of the embedded parts, made at the first start and kept in the data folder."""

import dataclasses
import fcntl
import json
import os
import secrets
import socket
from pathlib import Path
from typing import Final

# SeaweedFS also takes each of its ports + 10000. Below 22000 both stay under Linux' ephemeral range (32768),
# from which any outgoing connection may take a port at any time.
PORTS: Final = ("s3", "s3_master", "s3_volume", "s3_filer", "s3_admin", "queue", "recogniser")
PORT_RANGE: Final = range(15000, 22000)
_TWIN: Final = 10000


@dataclasses.dataclass(frozen=True)
class RunFile:
    """What the embedded parts agreed on. Written with mode 0600: it holds passwords."""

    ports: dict[str, int]
    access_key: str
    secret_access_key: str
    queue_password: str
    django_secret: str

    @property
    def s3_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['s3']}"

    @property
    def recogniser_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['recogniser']}"

    @property
    def redis_url(self) -> str:
        return f"redis://:{self.queue_password}@127.0.0.1:{self.ports['queue']}"


def ensure(data_dir: Path, among: range = PORT_RANGE) -> RunFile:
    """The run file of this data folder; made if it is not there, with free ports `among` these. Safe when several
    processes start at once."""
    for folder in (data_dir, data_dir / "tmp", data_dir / "logs"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "run.json"
    with (data_dir / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _write(path, _new(among))
        return RunFile(**json.loads(path.read_text()))


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Whether a server could listen there now. A port in TIME_WAIT counts as free, as it does for servers."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _new(among: range) -> RunFile:
    return RunFile(
        ports=_free_ports(among),
        access_key="LOCAL" + secrets.token_hex(8).upper(),
        secret_access_key=secrets.token_urlsafe(30),
        queue_password=secrets.token_urlsafe(24),
        django_secret=secrets.token_urlsafe(50),
    )


def _free_ports(among: range) -> dict[str, int]:
    found: list[int] = []
    while len(found) < len(PORTS):
        port = secrets.choice(among)
        if port not in found and is_free(port) and is_free(port + _TWIN):
            found.append(port)
    return dict(zip(PORTS, found, strict=True))


def _write(path: Path, run: RunFile) -> None:
    fresh = path.with_suffix(".new")
    fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w") as out:
        json.dump(dataclasses.asdict(run), out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(path)
