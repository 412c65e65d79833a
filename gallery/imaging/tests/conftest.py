from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gallery.imaging import darkroom


@pytest.fixture(scope="session", autouse=True)
def _no_child_stays() -> Iterator[None]:
    yield
    darkroom.close()


@pytest.fixture
def into(tmp_path: Path) -> Path:
    """The folder for renditions."""
    folder = tmp_path / "renditions"
    folder.mkdir()
    return folder


@pytest.fixture
def original(tmp_path: Path) -> Path:
    """Where a test puts its picture."""
    return tmp_path / "original"
