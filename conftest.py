"""What every test may ask for: people, and the real servers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings
from pytest_django import Settings
from xdist.scheduler import LoadScopeScheduling

from accounts.models import User
from gallery.bucket import make_bucket
from photosite import processes
from tests.servers import running


def pytest_configure() -> None:
    """Argon2 is slow on purpose; tests that are not about it need not wait for it."""
    fast = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [fast, *settings.PASSWORD_HASHERS]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """What touches no database is pure, whether it says so or not: it is not repeated on another one. Pages are asked
    of one: on the other the access matrix opens each of them.
    """
    for item in items:
        if item.nodeid.startswith(THOROUGH):
            item.add_marker(pytest.mark.long)
        if item.nodeid.startswith(_ONE_DATABASE):
            item.add_marker(pytest.mark.one_database)
        if item.get_closest_marker("django_db") is None and not _DATABASES.intersection(item.fixturenames):
            item.add_marker(pytest.mark.pure)


# The first that fits. Those of the first row start a site of their own for each test.
THOROUGH: Final = tuple(
    line
    for line in (Path(__file__).parent / "tests" / "thorough.txt").read_text().splitlines()
    if not line.startswith("#")
)
_ONE_DATABASE: Final = (
    *(f"gallery/tests/test_{name}" for name in ("pages_", "admin", "shared", "api_edit", "api_document")),
    *("gallery/tests/test_rotation", "accounts/tests/test_cache"),
    # How many statements a thing costs is the same everywhere.
    "gallery/tests/test_api_bulk.py::test_many_cost",
    "gallery/tests/test_api_list.py::test_what_one_has_costs",
    "gallery/tests/test_api_list.py::test_a_list_costs",
    "gallery/tests/test_dates.py::test_thirty_cost",
)
_DATABASES: Final = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback"}
GROUPS: Final = {
    "sites": (
        "tests/site/test_crowd",
        "tests/site/test_ending",
        "tests/site/test_own_aws",
        "tests/site/test_fresh",
        "tests/site/test_fairness",
    ),
    "site": ("tests/site/",),
    "browser": ("tests/browser/",),
}


class TogetherOrApart(LoadScopeScheduling):  # type: ignore[misc]  # xdist is not typed
    """Which worker runs what: whole sites and browsers stay on one worker each, so that at most two run at once.

    `--dist loadgroup` would do it, but xdist 3.8 sets a name that pytest 9.2 no longer reads.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((name for name, starts in GROUPS.items() if nodeid.startswith(starts)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TogetherOrApart:
    return TogetherOrApart(config, log)


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
