"""What every test may ask for: people, and the real servers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from pytest_django import Settings

from accounts.models import User
from gallery.bucket import make_bucket
from photosite import processes
from tests.servers import running


def pytest_configure() -> None:
    """Argon2 is slow on purpose; tests that are not about it need not wait for it."""
    fast = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [fast, *settings.PASSWORD_HASHERS]


PHOTOS = Path(__file__).parent / "tests" / "photos"


@pytest.fixture
def alice(db: None) -> User:
    """Owns photos."""
    return User.objects.create_user("alice@example.org", "correct horse battery")


@pytest.fixture
def bob(db: None) -> User:
    """Has an account of his own, and no business with Alice's photos."""
    return User.objects.create_user("bob@example.org", "staple battery horse")


@pytest.fixture
def plain_pages(settings: Settings, tmp_path: Path) -> None:
    """Pages without collected files."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session")
def prepared() -> None:
    processes.prepare()


@pytest.fixture(scope="session")
def s3(prepared: None) -> Iterator[None]:
    """The embedded S3 server with its bucket."""
    with running("s3", settings.RUN.ports["s3"]):
        make_bucket()
        yield


@pytest.fixture(scope="session")
def queue(prepared: None) -> Iterator[None]:
    """The embedded Valkey."""
    with running("queue", settings.RUN.ports["queue"]):
        yield


@pytest.fixture(scope="session")
def recogniser(prepared: None, s3: None) -> Iterator[None]:
    """The embedded recogniser with its networks, its fault script and its ledger."""
    with running("recogniser", settings.RUN.ports["recogniser"]):
        yield
