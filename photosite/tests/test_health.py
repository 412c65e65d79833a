"""Whether the process is up, and whether the site is ready: with the real servers, and with each of them away."""

import socket
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from django.db import DatabaseError, Error, InterfaceError, OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from gallery import storage
from gallery.labelling import rekognition
from photosite import health
from tests.ports import free_port

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_pages")]
PARTS = ("database", "bucket", "broker", "recogniser")
QUICK = Config(
    connect_timeout=1, read_timeout=60, retries={"total_max_attempts": 1}, signature_version=UNSIGNED
)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine the first answer of a healthy part may take its time; that is not what is tried here."""
    monkeypatch.setattr(health, "PATIENCE_SECONDS", 60)


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def ready(client: Client) -> tuple[int, dict[str, str]]:
    response = client.get("/readyz")
    body = response.json()
    assert body.keys() == {"ready", "parts"}
    assert tuple(body["parts"]) == PARTS
    assert body["ready"] is (response.status_code == 200)
    assert "no-store" in response.headers["Cache-Control"]
    return response.status_code, body["parts"]


def down(*names: str) -> dict[str, str]:
    return {name: "down" if name in names else "up" for name in PARTS}


def aws(service: Any, port: int) -> Any:
    return boto3.client(
        service, endpoint_url=f"http://127.0.0.1:{port}", region_name="us-west-2", config=QUICK
    )


def test_the_process_is_up_whatever_else_is_not(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        BaseDatabaseWrapper, "cursor", lambda _connection: pytest.fail("the database was asked")
    )
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.usefixtures("s3", "queue", "recogniser")
class TestReady:
    def test_with_everything_there_it_is_ready(self, client: Client) -> None:
        assert ready(client) == (200, down())

    def test_without_the_bucket_it_is_not(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(storage, "_shared_client", lambda: aws("s3", free_port()))
        assert ready(client) == (503, down("bucket"))

    def test_with_another_bucket_than_ours_it_is_not(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storage, "_bucket_name", lambda _alias: "nobodys-bucket")
        assert ready(client) == (503, down("bucket"))

    def test_without_the_broker_it_is_not(self, client: Client, settings: Any) -> None:
        settings.BROKER_URL = f"redis://127.0.0.1:{free_port()}/0"
        assert ready(client) == (503, down("broker"))

    def test_with_the_wrong_password_for_the_broker_it_is_not(self, client: Client, settings: Any) -> None:
        settings.BROKER_URL = f"redis://:wrong@127.0.0.1:{settings.RUN.ports['queue']}/0"
        assert ready(client) == (503, down("broker"))

    @pytest.mark.parametrize("error", [OperationalError, InterfaceError, DatabaseError])
    def test_without_the_database_it_is_not(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, error: type[Error]
    ) -> None:
        def broken(_connection: BaseDatabaseWrapper) -> None:
            raise error("server closed the connection unexpectedly")

        monkeypatch.setattr(BaseDatabaseWrapper, "cursor", broken)
        assert ready(client) == (503, down("database"))

    def test_without_the_recogniser_it_is_ready_all_the_same(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(rekognition, "_unsigned", lambda: aws("rekognition", free_port()))
        assert ready(client) == (200, down("recogniser"))

    def test_a_part_that_breaks_in_a_new_way_is_down(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storage, "_shared_client", lambda: 1 / 0)
        assert ready(client) == (503, down("bucket"))

    def test_nobody_waits_for_a_part_that_is_silent(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, silent: int
    ) -> None:
        """Its own timeout of a minute is not waited for."""
        monkeypatch.setattr(health, "PATIENCE_SECONDS", 0.5)
        monkeypatch.setattr(storage, "_shared_client", lambda: aws("s3", silent))
        status, parts = ready(client)
        assert (status, parts["bucket"]) == (503, "down")
