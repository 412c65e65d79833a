"""The real Immich CLI, as somebody types it in a terminal of their own."""

import dataclasses
import json
import os
import subprocess
from pathlib import Path
from typing import Any, Final

import pytest

from tests.immich import install
from tests.install import must_be_there

_SECONDS: Final = 120
_PASSED_ON: Final = ("PATH", "LANG", "TZ")


@dataclasses.dataclass(frozen=True)
class Said:
    """What it said. It exits with 0 though files failed, so its text counts."""

    status: int
    text: str

    @property
    def told(self) -> dict[str, list[dict[str, Any]]]:
        """What `-j` lists: newFiles, duplicates, newAssets."""
        found: dict[str, list[dict[str, Any]]] = json.JSONDecoder().raw_decode(
            self.text[self.text.index("{\n") :]
        )[0]
        return found

    @property
    def ids(self) -> dict[str, str]:
        """The ids of what it sent, by the names of its files."""
        return {Path(asset["filepath"]).name: asset["id"] for asset in self.told["newAssets"]}

    @property
    def errors(self) -> list[dict[str, Any]]:
        """What the site answered where a file failed, as it is shown."""
        shown = [line.partition(" - Error: ")[2] for line in self.text.splitlines() if line.startswith("- ")]
        return [json.loads(line) for line in shown]


@dataclasses.dataclass(frozen=True)
class ImmichCli:
    """Signed in at `url` with `key`, and at home in `home`, where nothing else is."""

    home: Path
    url: str
    key: str

    def upload(self, *arguments: str | Path) -> Said:
        return self.type("upload", "--no-progress", "-j", *arguments)

    def type(self, *arguments: str | Path) -> Said:
        command = install.find()
        if command is None and must_be_there():
            pytest.fail(install.HOW_TO)
        if command is None:
            pytest.skip(install.HOW_TO)
        done = subprocess.run(
            [*command, *map(str, arguments)],
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ}
            | {"HOME": str(self.home), "IMMICH_INSTANCE_URL": self.url, "IMMICH_API_KEY": self.key},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=_SECONDS,
        )
        return Said(done.returncode, done.stdout)
