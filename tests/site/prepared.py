"""What every first start makes anew and always alike: an empty database and the collected static files.

Made once for this test process, so that a site of one's own costs seconds. test_fresh_clone.py starts from nothing.
"""

import atexit
import functools
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

_MAKE: Final = """
import django
django.setup()
from django.core.management import call_command
from photosite import statics
call_command("migrate", interactive=False, verbosity=0)
statics.collect_if_changed()
"""
_DATABASE: Final = "photosite.sqlite3"
_STATIC: Final = "static"


def fill(data: Path, root: Path, environment: Mapping[str, str]) -> None:
    """Puts it into a data folder that is not there yet. `environment`: what a site of this checkout starts with."""
    told = {**environment, "DJANGO_SETTINGS_MODULE": "photosite.settings"}
    made = _made(root, tuple(sorted(told.items())))
    data.mkdir(mode=0o700, parents=True)
    shutil.copytree(made / _STATIC, data / _STATIC, copy_function=os.link)
    shutil.copy(made / _DATABASE, data / _DATABASE)


@functools.cache
def _made(root: Path, environment: tuple[tuple[str, str], ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="photosite-prepared-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    told = {**dict(environment), "PHOTOSITE_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-c", _MAKE], cwd=root, env=told, check=True, timeout=120)
    return folder
