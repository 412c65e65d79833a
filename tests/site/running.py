"""A whole site of one's own, started and stopped as its users do it."""

import dataclasses
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import boto3
import urllib3
from botocore.config import Config

from photosite import runfile
from tests.ports import free_port, of_sites
from tests.site import prepared, tree
from tests.site.client import Client
from tests.site.tree import Process
from tests.site.waiting import until

ROOT: Final = Path(__file__).resolve().parents[2]
BUCKET: Final = "photosite"
PASSWORD: Final = "correct horse battery"
START_SECONDS: Final = 180
# What the issue promises to the user; a machine that runs other tests beside this one gets no more.
GONE_SECONDS: Final = 10
_NOT_PASSED_ON: Final = (
    *("AWS_", "BOTO_", "PHOTOSITE_", "DATABASE_URL", "REDIS_URL", "SECRET_KEY", "EMAIL_URL", "DJANGO_"),
    *("TMPDIR", "PYTEST_", "COVERAGE_", "COV_CORE_", "MAKE"),
)


def plain_environment() -> dict[str, str]:
    """This process's environment without anything that would move a site."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_NOT_PASSED_ON)}


@dataclasses.dataclass
class Site:
    """A site on its own data folder and ports. `settings`: further environment variables of the whole site;
    `told`: the tokens that it has given out."""

    data: Path
    settings: Mapping[str, str] = dataclasses.field(default_factory=dict)
    command: Sequence[str] = (sys.executable, "manage.py", "up")
    root: Path = ROOT
    port: int = dataclasses.field(default_factory=free_port)
    control_port: int = dataclasses.field(default_factory=free_port)
    told: list[str] = dataclasses.field(default_factory=list)
    process: "subprocess.Popen[bytes] | None" = None
    operator: "subprocess.Popen[str] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self) -> str:
        """What the person who started it has on the screen."""
        return self._screen.read_text() if self._screen.exists() else ""

    @property
    def python(self) -> str:
        return sys.executable if self.root == ROOT else str(self.root / ".venv/bin/python")

    @property
    def run(self) -> dict[str, Any]:
        """run.json: ports, keys and passwords."""
        found: dict[str, Any] = json.loads((self.data / "run.json").read_text())
        return found

    @property
    def ledger(self) -> list[dict[str, Any]]:
        """What the recogniser answered, oldest first; it outlives the recogniser."""
        path = self.data / "ledger.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []

    @property
    def _screen(self) -> Path:
        return self.data.parent / f"{self.data.name}.screen"

    def environment(self) -> dict[str, str]:
        return {
            **plain_environment(),
            "PHOTOSITE_DATA_DIR": str(self.data),
            "PHOTOSITE_PORT": str(self.port),
            "PHOTOSITE_RECOGNISER_CONTROL_PORT": str(self.control_port),
            **self.settings,
        }

    # --- starting and stopping ---------------------------------------------------------------------------

    def start(self, seconds: float = START_SECONDS) -> "Site":
        """Types the command and waits for the line that a user waits for."""
        self.launch()
        try:
            until(self._started, "the site starts", seconds)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.output}\n{self.logs()}") from late
        return self

    def launch(self) -> None:
        """Types the command in a session of its own and does not wait."""
        self.lay_out()
        with self._screen.open("wb") as screen:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.root,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                stdout=screen,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def lay_out(self) -> None:
        """Saves a first start what it would make, as every other one before it made it."""
        if self.root == ROOT and not self.data.exists():
            prepared.fill(self.data, ROOT, plain_environment())
            runfile.ensure(self.data, of_sites())

    def _started(self) -> bool:
        if self.process and self.process.poll() is not None:
            raise AssertionError("the site ended")
        return "Photosite is running" in self.output

    def stop(self, number: signal.Signals = signal.SIGTERM, seconds: float = GONE_SECONDS) -> None:
        """Asks the started process to end; everything is gone in time, or this fails."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)
        self.wait_until_gone(seconds)

    def wait_until_gone(self, seconds: float = GONE_SECONDS) -> None:
        until(lambda: not self.left(), f"nothing is left of the site: {self.left_in_words()}", seconds)
        if self.process:
            self.process.wait()

    def left(self) -> list[Process]:
        """What lives of this site, tied to its supervisor or not."""
        if self.process:
            self.process.poll()  # or it stays a zombie
        in_session = tree.in_session(self.process.pid) if self.process else []
        found = {process.pid: process for process in [*in_session, *tree.mentioning(self.data)]}
        if self.operator:
            found.pop(self.operator.pid, None)
        return list(found.values())

    def left_in_words(self) -> str:
        return "\n".join(map(str, self.left()))

    def end(self) -> None:
        """Whatever the test did: nothing of it stays behind. Never fails."""
        if self.operator:
            with self.operator:
                self.operator.kill()
        for process in self.left():
            process.send(signal.SIGKILL)
        if self.process:
            self.process.wait()

    # --- its processes -----------------------------------------------------------------------------------

    def supervisor(self) -> Process:
        """The process that all others hang on."""
        named = {process.pid: process for process in self.left() if "photosite.supervise" in process.command}
        # A child bears its parent's command line from fork to exec.
        found = [process for process in named.values() if process.parent not in named]
        assert len(found) == 1, found
        return found[0]

    def program(self, name: str) -> Process | None:
        """The first process of a program; None while there is none."""
        supervisor = self.supervisor()
        for process in tree.descendants(supervisor.pid):
            started = process.parent == supervisor.pid and not process.command.startswith("setpriv")
            if started and tree.PROGRAMS[name] in process.command:
                return process
        return None

    def running(self, name: str) -> Process:
        """The first process of a program, waited for."""
        return until(lambda: self.program(name), f"{name} runs", START_SECONDS)

    def children(self, name: str) -> list[Process]:
        """Those that a program has started itself; for worker-images without the decoding processes."""
        first = self.program(name)
        return [one for one in tree.descendants(first.pid) if one.parent == first.pid] if first else []

    def decoding(self) -> list[Process]:
        """The limited processes that open pictures."""
        return [process for process in self.left() if "gallery.imaging.child" in process.command]

    # --- people and the operator ----------------------------------------------------------------------

    def manage(self, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
        """A management command, as the operator types it beside the running site."""
        return subprocess.run(
            [self.python, "manage.py", *arguments],
            cwd=self.root,
            env=self.environment() | more,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def module(self, name: str, *arguments: str) -> str:
        """What a module says that is run with the settings of the site: `python -m …`."""
        return self.typed("-m", name, *arguments)

    def user(self, email: str) -> Client:
        """A new user with a token, as the operator makes them."""
        self.typed("add_user", email, PHOTOSITE_PASSWORD=PASSWORD)
        return self.client(email)

    def client(self, email: str) -> Client:
        """A program of a user who is there already."""
        self.told.append(self.typed("api_token", email).strip())
        return Client(self.url, self.told[-1], email)

    def typed(self, *arguments: str, **more: str) -> str:
        """What a management command says that went well, by an operator who stays: each one would need seconds to
        start."""
        if self.operator is None:
            self.operator = subprocess.Popen(
                [self.python, "-m", "tests.site.operator"],
                cwd=self.root,
                env=self.environment() | {"DJANGO_SETTINGS_MODULE": "photosite.settings"},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
        assert self.operator.stdin is not None
        assert self.operator.stdout is not None
        self.operator.stdin.write(json.dumps([arguments, more]) + "\n")
        self.operator.stdin.flush()
        status, said, errors = json.loads(self.operator.stdout.readline())
        assert status == 0, said + errors
        return str(said)

    def ready(self) -> dict[str, str]:
        """What /readyz says of each part; nothing while the web does not answer."""
        try:
            answer = urllib3.request("GET", f"{self.url}/readyz", timeout=15, retries=False)
        except urllib3.exceptions.HTTPError:
            return {}
        parts: dict[str, str] = answer.json()["parts"]
        return parts

    def all_up(self) -> bool:
        parts = self.ready()
        return bool(parts) and set(parts.values()) == {"up"}

    def at_rest(self) -> bool:
        """No photo of anybody waits for a worker or is with one: what a test before left behind has been done."""
        count = "from gallery.models.job import Job; print(Job.objects.unfinished().exclude(ready_at=None).count())"
        return self.typed("shell", "-v", "0", "-c", count) == "0\n"

    def assert_verified(self) -> None:
        """`manage.py verify` finds nothing off."""
        self.typed("verify")

    def s3(self) -> Any:
        """The bucket's server, asked with the keys of the site itself."""
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self.run['ports']['s3']}",
            region_name="us-west-2",
            aws_access_key_id=self.run["access_key"],
            aws_secret_access_key=self.run["secret_access_key"],
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}, proxies={}),
        )

    # --- what it tells -----------------------------------------------------------------------------------

    def script(self, *steps: dict[str, Any]) -> None:
        """Replaces the recogniser's fault script; without steps all is well."""
        address = f"http://127.0.0.1:{self.control_port}/script"
        answer = urllib3.request("PUT", address, body=json.dumps(steps), timeout=10, retries=10)
        assert answer.status == 200, answer.data

    def logs(self) -> str:
        """The ends of all logs, for a test that failed."""
        paths = sorted((self.data / "logs").glob("*.log")) if (self.data / "logs").exists() else []
        return "\n".join(f"--- {path.name}\n{path.read_text(errors='replace')[-1500:]}" for path in paths)

    def assert_logs_keep_secrets(self) -> None:
        """No signature, token, password or key is in any log, nor on the screen."""
        for path in [self._screen, *(self.data / "logs").glob("*.log*")]:
            text = path.read_text(errors="replace") if path.exists() else ""
            for secret in self._secrets():
                found = re.search(secret, text)
                assert not found, f"{path.name} has {text[found.start() - 200 : found.end()]}"

    def _secrets(self) -> list[str]:
        kept = self.run if (self.data / "run.json").exists() else {}
        keys = [kept[name] for name in ("secret_access_key", "queue_password", "django_secret") if kept]
        return [
            *map(re.escape, [*keys, *self.told, PASSWORD]),
            r"(?i)x-amz-signature=[0-9a-f]",
            r"photosite_\w{20}",
        ]
