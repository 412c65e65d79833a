"""A real recogniser process on free loopback ports, for tests and benchmarks."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import botocore.session
from botocore.config import Config

from photosite.localaws.botomodel import sealed_session
from photosite.localaws.sigv4 import Keys

ROOT: Final = Path(__file__).parents[3]
KEYS: Final = Keys("AKIALOCALTEST", "a-local-secret", "us-west-2")
START_SECONDS: Final = 60.0


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on right now, all different."""
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def environment(s3_url: str | None = None, keys: Keys = KEYS) -> dict[str, str]:
    """What the recogniser is started with: nothing of the AWS set-up of whoever runs this."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    plain |= {"AWS_ACCESS_KEY_ID": keys.access_key, "AWS_SECRET_ACCESS_KEY": keys.secret_key}
    return plain | {"AWS_REGION": keys.region} | ({"AWS_ENDPOINT_URL_S3": s3_url} if s3_url else {})


def wait_until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Polls until something holds; a TimeoutError if it does not in time."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come to pass")
        threading.Event().wait(0.02)


class RunningRecogniser:
    """A process of our own; `stop` it. `port` and `control_port` are on 127.0.0.1."""

    def __init__(self, *arguments: str, environ: Mapping[str, str] | None = None) -> None:
        self.port, self.control_port = free_ports(2)
        self.command = [
            *(sys.executable, "-m", "photosite.localaws.rekognition"),
            *("--port", str(self.port), "--control-port", str(self.control_port), *arguments),
        ]
        self.environ = environ or environment()
        self.process = self._started()

    def _started(self) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(self.command, env=self.environ, cwd=ROOT)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise RuntimeError(f"the recogniser did not start, status {process.wait()}")
            threading.Event().wait(0.02)
        return process

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def answers(self) -> bool:
        """Whether it says that it is up."""
        try:
            return self.get("/healthz")[0] == 200
        except OSError:
            return False

    def get(self, path: str) -> tuple[int, bytes]:
        """Status and body of a plain GET."""
        return self.post_raw(b"", {}, method="GET", path=path)[:2]

    def post_raw(
        self, body: bytes, headers: Mapping[str, str], method: str = "POST", path: str = "/"
    ) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers (in lower case) of a request without boto3's help."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            line.request(method, path, body or None, dict(headers))
            answer = line.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}
        finally:
            line.close()

    def control(self, method: str, path: str, document: Any = None) -> Any:
        """A request to the control port; its JSON, with the status under `status` if it is not 200."""
        line = http.client.HTTPConnection("127.0.0.1", self.control_port, timeout=30)
        try:
            line.request(method, path, None if document is None else json.dumps(document))
            answer = line.getresponse()
            parsed = json.loads(answer.read())
            return parsed if answer.status == 200 else {**parsed, "status": answer.status}
        finally:
            line.close()

    def script(self, *steps: Mapping[str, Any]) -> None:
        """Replaces the fault script; without steps all is well again."""
        self.control("PUT", "/script", list(steps))

    def ledger(self) -> list[dict[str, Any]]:
        """The calls so far."""
        calls: list[dict[str, Any]] = self.control("GET", "/ledger")["calls"]
        return calls

    def client(self, keys: Keys = KEYS, **config: Any) -> Any:
        """A Rekognition client as the site has one: no retries of its own."""
        settings: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "read_timeout": 30, "proxies": {}}
        return client_for(self.url, keys, Config(**(settings | config)))

    def processes(self) -> list[int]:
        """The ids of the master and its workers."""
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text(encoding="ascii").split()
        return [master, *map(int, children)]

    def kill_and_restart(self) -> None:
        """kill -9 of the master, and at once a new one on the same ports."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = self._started()

    def stop(self) -> int:
        """SIGTERM; the exit status."""
        self.process.terminate()
        return self.process.wait(timeout=30)


def client_for(url: str, keys: Keys, config: Config) -> Any:
    """A Rekognition client that reads no file of whoever runs this."""
    session: botocore.session.Session = sealed_session()
    return session.create_client(
        "rekognition",
        region_name=keys.region,
        endpoint_url=url,
        aws_access_key_id=keys.access_key,
        aws_secret_access_key=keys.secret_key,
        config=config,
    )
