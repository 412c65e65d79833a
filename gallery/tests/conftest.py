"""Pages without collected files."""

from pathlib import Path

import pytest
from pytest_django import Settings


@pytest.fixture
def plain_pages(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
