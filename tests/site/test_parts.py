"""The services of deploy/compose.yaml as they are: each with its own command and environment, from a folder that nobody
may write to, on PostgreSQL, with the other servers by address, behind a proxy that does TLS."""

import dataclasses
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import urllib3
from django.conf import settings

from tests import postgres
from tests.compose import OURS, environment
from tests.ports import free_port
from tests.servers import end
from tests.site import pictures
from tests.site.client import Client
from tests.site.image import Image
from tests.site.running import PASSWORD
from tests.site.waiting import until

pytestmark = [pytest.mark.site, pytest.mark.long]
HOST: Final = "photos.example.org"
PROXIED: Final = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7"}
STARTED_SECONDS: Final = 180
RUNNING: Final = ("web", "worker-images", "worker-labels", "purger", "scheduler")


@dataclasses.dataclass
class Apart:
    """Containers without an engine: each service has a data folder of its own, which is its /data."""

    image: Image
    place: Path
    given: dict[str, str]
    secrets: dict[str, str]
    port: int = dataclasses.field(default_factory=free_port)
    processes: "dict[str, subprocess.Popen[bytes]]" = dataclasses.field(default_factory=dict)

    def environment(self, service: str) -> dict[str, str]:
        found = environment(OURS[service], self.given)
        for name, value in found.items():
            if value.startswith("/run/secrets/"):
                found[name] = str(self._secret(value.removeprefix("/run/secrets/")))
        baked = {"PHOTOSITE_STATIC_DIR": str(self.image.static), "PHOTOSITE_PORT": str(self.port)}
        return {**found, **baked, "PHOTOSITE_DATA_DIR": str(self.place / service)}

    def _secret(self, name: str) -> Path:
        file = self.place / name
        file.write_text(self.secrets[name] + "\n")
        return file

    def start(self, service: str) -> None:
        with (self.place / f"{service}.log").open("wb") as log:
            command, given = OURS[service]["command"], self.environment(service)
            self.processes[service] = self.image.start(command, given, log)

    def does(self, service: str, *command: str, **more: str) -> str:
        """A command in a service's container; what it says."""
        done = self.image.manage(("python", "manage.py", *command), self.environment(service) | more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(self, path: str, **headers: str) -> urllib3.BaseHTTPResponse:
        url = f"http://127.0.0.1:{self.port}{path}"
        return urllib3.request("GET", url, headers=headers, redirect=False, retries=False, timeout=20)

    def up(self) -> bool:
        try:
            parts = self.ask("/readyz", **PROXIED).json()["parts"]
        except (urllib3.exceptions.HTTPError, ValueError):
            assert self.processes["web"].poll() is None, (self.place / "web.log").read_text()
            return False
        return set(parts.values()) == {"up"}


@pytest.fixture(scope="module")
def apart(
    s3: None, queue: None, recogniser: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Apart]:
    place, run = tmp_path_factory.mktemp("apart"), settings.RUN
    keys = {"ACCESS_KEY_ID": run.access_key, "SECRET_ACCESS_KEY": run.secret_access_key}
    given = {f"{who}_{name}": key for who in ("WEB", "WORKER", "PURGER") for name, key in keys.items()} | {
        "PHOTOSITE_PUBLIC_URL": f"https://{HOST}",
        "AWS_STORAGE_BUCKET_NAME": settings.BUCKET,
        "AWS_ENDPOINT_URL_S3": run.s3_url,
        "AWS_ENDPOINT_URL_REKOGNITION": run.recogniser_url,
        "PHOTOSITE_REKOGNITION_TPS": "20",
    }
    secrets = {
        "secret_key": "only for tests", "database_url": postgres.start(), "redis_url": run.redis_url,
        "email_url": "smtp://127.0.0.1:1", "metrics_token": "a token that nobody guesses",
    }  # fmt: skip
    made = Apart(Image(place / "image"), place, given, secrets)
    try:
        made.does("migrate", *OURS["migrate"]["command"][2:])
        for service in RUNNING:
            made.start(service)
        until(made.up, "all parts are up", STARTED_SECONDS)
        yield made
    finally:
        for process in made.processes.values():
            end(process)


def test_a_photo_that_comes_in_over_https_is_labelled(apart: Apart) -> None:
    apart.does("web", "add_user", "alice@example.org", PHOTOSITE_PASSWORD=PASSWORD)
    token = apart.does("web", "api_token", "alice@example.org").strip()
    client = Behind(f"http://127.0.0.1:{apart.port}", token)
    photo = client.labelled(client.add(pictures.cat(), "cat.jpg"))
    assert "Cat" in {label["name"] for label in photo["labels"]}
    assert client.original(photo["id"]) == pictures.cat()
    following = client.ask("GET", "/api/v1/photos/?limit=1").json
    assert following["next"] is None


class Behind(Client):
    """A program that speaks to the proxy."""

    def ask(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
        proxied = {} if path.startswith("http") else PROXIED
        return super().ask(method, path, headers=(headers or {}) | proxied, **more)


def test_it_knows_that_people_come_over_https(apart: Apart) -> None:
    page = apart.ask("/accounts/login/", **PROXIED)
    assert page.status == 200
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    assert page.headers["Set-Cookie"].startswith("__Host-csrf=")
    assert "; Secure" in page.headers["Set-Cookie"]
    plain = apart.ask("/accounts/login/", Host=HOST)
    assert (plain.status, plain.headers["Location"]) == (301, f"https://{HOST}/accounts/login/")
    assert apart.ask("/healthz", Host=HOST).status == 200
    assert apart.ask("/", **PROXIED | {"Host": "evil.example.net"}).status == 400


def test_its_files_are_those_that_the_image_collected(apart: Apart) -> None:
    page = apart.ask("/accounts/login/", **PROXIED).data.decode()
    style = next(word for word in page.split('"') if word.startswith("/static/css/base."))
    answer = apart.ask(style, **PROXIED)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "max-age=315360000, public, immutable")
    assert not (apart.place / "web" / "static").exists()


@pytest.mark.parametrize("service", [name for name in RUNNING if "healthcheck" in OURS[name]])
def test_a_health_check_finds_its_part_alive(apart: Apart, service: str) -> None:
    test = OURS[service]["healthcheck"]["test"][1:]
    done = apart.image.manage(test, apart.environment(service))
    assert done.returncode == 0, done.stderr
