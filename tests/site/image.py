"""What deploy/Dockerfile makes, without a container engine: a folder of its own, read-only, and processes that may do
nothing but what any user may."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Final

from photosite.processes import TIED
from tests.compose import DOCKERFILE, ROOT, copied
from tests.site.running import plain_environment

_NO_MORE_THAN_ANYBODY: Final = ("--bounding-set=-all", "--inh-caps=-all", "--no-new-privs")
_COLLECT: Final = re.compile(r"^RUN (.*) /srv/venv/bin/python (manage.py collectstatic .*)$", re.MULTILINE)


class Image:
    """`place`/site has what is copied, `place`/static what is collected; nobody may write there."""

    def __init__(self, place: Path) -> None:
        self.site, self.static = place / "site", place / "static"
        for source, target in copied():
            if not target.startswith("/"):
                self._copy(ROOT / source, target)
        said = _COLLECT.search(DOCKERFILE)
        assert said is not None
        baked = dict(pair.split("=", 1) for pair in said[1].split())
        assert baked.keys() == {"PHOTOSITE_DATA_DIR", "PHOTOSITE_STATIC_DIR"}
        places = {"PHOTOSITE_DATA_DIR": str(place / "build"), "PHOTOSITE_STATIC_DIR": str(self.static)}
        self._run([sys.executable, *said[2].split()], places)
        for folder, _, files in (*os.walk(self.site), *os.walk(self.static)):
            for name in (".", *files):
                (Path(folder) / name).chmod(0o555)

    def manage(
        self, command: Sequence[str], environment: Mapping[str, str]
    ) -> "subprocess.CompletedProcess[str]":
        """`python manage.py …` to its end."""
        return self._run(self._words(command), environment, check=False)

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], out: IO[bytes]
    ) -> "subprocess.Popen[bytes]":
        """A service's command; it ends with this process."""
        words = (
            [*TIED, *_NO_MORE_THAN_ANYBODY, *self._words(command)]
            if os.geteuid() == 0
            else self._words(command)
        )
        return subprocess.Popen(words, cwd=self.site, env=self._whole(environment), stdout=out, stderr=out)

    def _words(self, command: Sequence[str]) -> list[str]:
        assert command[0] == "python"
        return [sys.executable, *command[1:]]

    def _whole(self, environment: Mapping[str, str]) -> dict[str, str]:
        return {**plain_environment(), "PYTHONDONTWRITEBYTECODE": "1", **environment}

    def _run(
        self, words: Sequence[str], environment: Mapping[str, str], *, check: bool = True
    ) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            words,
            cwd=self.site,
            env=self._whole(environment),
            check=check,
            capture_output=True,
            text=True,
            timeout=180,
        )

    def _copy(self, source: Path, target: str) -> None:
        if source.is_dir():
            ignored = shutil.ignore_patterns("__pycache__", "tests")
            shutil.copytree(source, self.site / target, ignore=ignored)
            return
        folder = self.site / target
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder)
