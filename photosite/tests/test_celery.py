"""Workers know every task whose name they are told."""

import pytest

from photosite.celery import app

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("name", ["gallery.tasks.work", "gallery.tasks.sweep", "gallery.imports.tasks.read"])
def test_workers_know_the_task(name: str) -> None:
    app.loader.import_default_modules()
    assert name in app.tasks
