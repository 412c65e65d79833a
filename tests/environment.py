"""Loaded by pytest before Django's settings: a data folder of its own for this test process, and no AWS but ours.

PHOTOSITE_TEST_DATABASE=postgresql runs the suite on a PostgreSQL server that is started here.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from photosite import runfile
from tests import postgres
from tests.ports import free_port, of_this_process

_SETTINGS = (
    "PHOTOSITE_",
    "AWS_",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "EMAIL_URL",
    "DJANGO_SUPERUSER_",
)
_SERVER = "PHOTOSITE_TEST_DATABASE_URL"
_KEPT = ("PHOTOSITE_TEST_DATABASE", "PHOTOSITE_CHROMIUM", _SERVER)


def _isolate() -> None:
    for name in [name for name in os.environ if name.startswith(_SETTINGS) and name not in _KEPT]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="photosite-tests-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["PHOTOSITE_DATA_DIR"] = str(folder)
    runfile.ensure(folder, of_this_process())
    os.environ["PHOTOSITE_LEASE_SECONDS"] = "5"
    os.environ["PHOTOSITE_RECOGNISER_CONTROL_PORT"] = str(free_port())
    os.environ["DJANGO_SETTINGS_MODULE"] = "photosite.settings"
    if os.environ.get("PHOTOSITE_TEST_DATABASE") == "postgresql":
        # One server for all workers of a run: they inherit its address, and each makes its own database.
        os.environ[_SERVER] = os.environ.get(_SERVER) or postgres.start()
        os.environ["DATABASE_URL"] = os.environ[_SERVER]
        os.environ["SECRET_KEY"] = "only for tests"


_isolate()
