"""How the embedded S3 server (SeaweedFS) is started: its command line and its one identity."""

import json
import os
import sys
from pathlib import Path
from typing import Final

from photosite.runfile import RunFile

_SOCKETS: Final = Path("/tmp")  # noqa: S108 - theirs, not ours


def prepare(folder: Path, access_key: str, secret_access_key: str) -> None:
    """Writes the server's identity file (0600): one pair of keys that may do everything with the bucket."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    identity = {
        "name": "photosite",
        "credentials": [{"accessKey": access_key, "secretKey": secret_access_key}],
        "actions": ["Admin", "Read", "List", "Tagging", "Write"],
    }
    path = folder / "s3.json"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump({"identities": [identity]}, out)


def remove_sockets(run: RunFile) -> None:
    """SeaweedFS puts sockets for its own gRPC into /tmp, at names it lets nobody choose, and a kill leaves them."""
    for name in run.ports:
        for socket in _SOCKETS.glob(f"seaweedfs-*-grpc-{run.ports[name] + 10_000}.sock"):
            socket.unlink(missing_ok=True)


def command(folder: Path, run: RunFile) -> list[str]:
    """One process on loopback. To be started in `folder`: its sockets have relative names, since a socket's
    path may not be longer than 107 bytes.

    Without -disableHttp the filer's port would read and delete without credentials; with the default volume
    settings a server with many buckets fails; telemetry would report home.
    """
    ports = run.ports
    return [
        str(Path(sys.executable).parent / "weed"),
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
        "-disableHttp",
        "-admin.ui=false",
        "-webdav=false",
        "-master.telemetry=false",
        "-master.volumeSizeLimitMB=256",
        "-volume.max=1000",
        "-volume.preStopSeconds=0",
        f"-master.port={ports['s3_master']}",
        f"-volume.port={ports['s3_volume']}",
        f"-filer.port={ports['s3_filer']}",
        "-filer.localSocket=filer.sock",
        f"-admin.port={ports['s3_admin']}",
        f"-admin.dataDir={folder}/admin",
        f"-s3.port={ports['s3']}",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
        "-s3.localSocket=s3.sock",
        f"-s3.config={folder / 's3.json'}",
        "-s3.autoCreateBucket=false",
    ]
