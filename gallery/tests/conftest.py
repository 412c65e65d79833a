"""What tests of the gallery may ask for."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from accounts.models import User
from gallery.labelling import rate, rekognition
from gallery.tests.answering import FREE, Service
from gallery.tests.relabelling import Recogniser


@pytest.fixture
def recognition(monkeypatch: pytest.MonkeyPatch) -> Recogniser:
    """A recogniser that says what it is told, at once, of whatever picture; no bucket, no queue, no words."""
    recogniser = Recogniser()
    recogniser.says("3.0", Dog=98.0, Cat=90.0)
    _stand_in(monkeypatch, recogniser)
    return recogniser


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Service:
    """The same for all operations, each with an answer of its own."""
    found = Service()
    _stand_in(monkeypatch, found)
    return found


@pytest.fixture
def member(client: Client, alice: User) -> Client:
    client.force_login(alice)
    return client


def _stand_in(monkeypatch: pytest.MonkeyPatch, answering: Callable[..., Any]) -> None:
    monkeypatch.setattr(rekognition, "ask", answering)
    monkeypatch.setattr(rate, "reserve", lambda *_, **__: FREE)
    monkeypatch.setattr("gallery.storage.read_rendition", lambda _key: b"a picture")
    monkeypatch.setattr("gallery.pipeline.queue._send", mock.Mock())
