"""Starts Python or manage.py as a person does: with an environment of their own, in a process of its own."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parents[2]
_OURS: Final = (
    "PHOTOSITE_",
    "AWS_",
    "BOTO_",
    "DATABASE_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "EMAIL_URL",
    "DJANGO_",
)
_PYTHON: Final = ("PYTHON", "COV_", "COVERAGE_", "PYTEST_")


def environment(data: Path, **given: str) -> dict[str, str]:
    """This machine's environment without any setting of the site, then the given ones."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(_OURS + _PYTHON)}
    return {**plain, "DJANGO_SETTINGS_MODULE": "photosite.settings", "PHOTOSITE_DATA_DIR": str(data), **given}


def manage(data: Path, *arguments: str, **given: str) -> "subprocess.CompletedProcess[str]":
    return _run([sys.executable, "manage.py", *arguments], environment(data, **given))


def said(data: Path, code: str, **given: str) -> Any:
    """What `code` puts into `said`, in a process with Django's settings loaded."""
    script = f"import json, os\n{code}\nprint(json.dumps(said))"
    done = _run([sys.executable, "-c", script], environment(data, **given))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])  # before it come the lines of the log


def _run(command: list[str], env: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        command, env=env, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
