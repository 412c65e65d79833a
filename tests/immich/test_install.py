"""The Immich CLI is fetched as its lock says, byte for byte; where that can't be, it is said aloud."""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from tests.immich import install
from tests.ports import free_port

pytestmark = pytest.mark.pure
LOCK: Final[dict[str, Any]] = json.loads(install.FILES[1].read_text())


def test_each_package_is_known_by_its_bytes_and_no_registry_by_its_name() -> None:
    packages = {name: package for name, package in LOCK["packages"].items() if name}
    assert packages["node_modules/@immich/cli"]["version"] == "3.2.2"
    assert [
        name for name, package in packages.items() if not package["integrity"].startswith("sha512-")
    ] == []
    assert not any("resolved" in package for package in packages.values())


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_without_a_registry_one_line_says_what_is_skipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], ci: str, status: int
) -> None:
    for name, value in {
        "XDG_CACHE_HOME": str(tmp_path),
        "CI": ci,
        "npm_config_cache": str(tmp_path / "npm"),
        "npm_config_registry": f"http://127.0.0.1:{free_port()}/",
        "npm_config_fetch_retries": "0",
    }.items():
        monkeypatch.setenv(name, value)
    assert install.main() == status
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith("Fetching (once)")
    assert said[1].startswith("npm did not succeed")
    assert said[-1] == install.HOW_TO
    assert install.find() is None
    assert list(install.folder().parent.iterdir()) == []
