"""People and things of these tests: one recogniser per test process, and photographs."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from photosite.localaws.recognition import MODELS
from photosite.localaws.taxonomy import Taxonomy, load_taxonomy
from photosite.localaws.tests.process import ROOT, RunningRecogniser, environment, free_ports
from photosite.localaws.tests.tiny_s3 import TinyS3

PHOTOS = ROOT / "tests" / "photos"


def photo_bytes(name: str) -> bytes:
    """One of the photographs of tests/photos."""
    return (PHOTOS / name).read_bytes()


def encoded(picture: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """A picture as a file of some kind."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


@pytest.fixture(scope="session")
def taxonomy() -> Taxonomy:
    return load_taxonomy(MODELS)


@pytest.fixture(scope="session")
def tiny_s3() -> Iterator[TinyS3]:
    with TinyS3() as server:
        yield server


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory, tiny_s3: TinyS3) -> Iterator[RunningRecogniser]:
    """A recogniser that this test process has to itself."""
    ledger = tmp_path_factory.mktemp("ledger") / "calls.jsonl"
    one = RunningRecogniser("--ledger", str(ledger), environ=environment(tiny_s3.url))
    yield one
    one.stop()


@pytest.fixture
def recogniser(running: RunningRecogniser) -> RunningRecogniser:
    """The recogniser, healthy and with an empty ledger."""
    running.script()
    running.control("DELETE", "/ledger")
    return running


@pytest.fixture
def client(recogniser: RunningRecogniser) -> Any:
    """A Rekognition client with the right keys."""
    return recogniser.client()


@pytest.fixture
def cat() -> bytes:
    """A tabby cat's face, filling the photo."""
    return photo_bytes("chelsea.jpg")


@pytest.fixture
def own_recogniser(tmp_path: Path) -> Iterator[RunningRecogniser]:
    """A recogniser that a test may kill."""
    one = RunningRecogniser("--ledger", str(tmp_path / "calls.jsonl"))
    yield one
    one.stop()


@pytest.fixture
def free_port() -> int:
    return free_ports(1)[0]


@pytest.fixture
def bare_environment() -> dict[str, str]:
    """The environment without anything of AWS."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
