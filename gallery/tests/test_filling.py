"""A site of long ago is brought to date step by step: its photos get names, categories, certainty and counters, and
its tables become those of a new site.
"""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from gallery.models import Detection, LabelName, OwnerLabel, OwnerMonth, Photo, PhotoText, Spending
from gallery.pipeline import reconcile

NOON = datetime(2024, 6, 15, 12, tzinfo=UTC)


def migrate(*targets: tuple[str, str]) -> Any:
    """Step by step, as who was there before the steps were squashed; to the newest, where no target is told."""
    executor = MigrationExecutor(connection)
    executor.loader = MigrationLoader(connection, replace_migrations=False)
    goals = list(targets) or newest(executor.loader)
    executor.migrate(goals)
    return executor.loader.project_state(goals).apps


def newest(loader: MigrationLoader) -> list[tuple[str, str]]:
    return [key for key in loader.graph.leaf_nodes() if "squashed" not in key[1]]


@pytest.fixture
def old() -> Any:
    """The models as they were before labels could be corrected; the newest again when the test is over."""
    yield migrate(("gallery", "0001_initial"), ("accounts", "0001_initial"))
    migrate()


def tables() -> dict[str, Any]:
    """Columns and constraints of each table of ours, without the names that a database chose itself."""
    look = connection.introspection
    with connection.cursor() as cursor:
        return {
            name: (
                {tuple(column)[:7] for column in look.get_table_description(cursor, name)},
                sorted(str(tuple(rule.items())) for rule in look.get_constraints(cursor, name).values()),
            )
            for name in look.table_names(cursor)
            if name.startswith(("gallery_", "accounts_"))
        }


def add(old: Any, owner: Any, trashed: bool) -> Any:
    pk = uuid.uuid4()
    return old.get_model("gallery", "Photo").objects.create(
        pk=pk, owner=owner, original_key=str(pk), sha256=pk.hex, byte_size=1, content_type="image/jpeg",
        filename="Été.jpg", caption="word " * 60 + "end", camera_make="Müller",
        width=1, height=1, taken_local=NOON, trashed_at=NOON if trashed else None,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_what_searches_read_is_filled(old: Any) -> None:
    owner = old.get_model("accounts", "User").objects.create(email="alice@example.org")
    dog = old.get_model("gallery", "Label").objects.create(
        name="Dog", aliases=["Hound"], parents=["Animal"], categories=["Animals and Pets"]
    )
    for confidence, trashed in ((95, False), (60, False), (99, True)):
        photo = add(old, owner, trashed)
        old.get_model("gallery", "Detection").objects.create(
            photo=photo, label=dog, owner=owner, taken_local=NOON, confidence=confidence
        )
        old.get_model("gallery", "Analysis").objects.create(
            photo=photo, owner=owner, operation="DetectLabels", cost_usd="0.001", sent_at=NOON
        )
    migrate()
    counts = OwnerLabel.objects.values_list("folded", "kind", "photos", "shown")
    assert set(counts) == {("dog", "label", 2, 1), ("animals and pets", "category", 2, 1)}
    assert set(LabelName.objects.values_list("folded", flat=True)) == {"dog", "hound", "animals and pets"}
    assert list(OwnerMonth.objects.values_list("month", "photos")) == [("2024-06", 2)]
    assert set(PhotoText.objects.values_list("folded", flat=True)) == {"ete.jpg\n" + "word " * 60 + "end"}
    assert set(Photo.objects.values_list("camera_folded", flat=True)) == {"muller"}
    assert sorted(Detection.objects.filter(trashed=True).values_list("certainty", flat=True)) == [99, 99]
    spent = Spending.objects.values_list("scope", "calls", "micro_usd")
    assert set(spent) == {("", 3, 3000), (owner.pk.hex, 3, 3000)}
    assert list(reconcile.counters()) == []


@pytest.mark.django_db(transaction=True)
def test_step_by_step_the_tables_of_a_new_site_are_made() -> None:
    new = tables()
    migrate(("gallery", "0001_initial"), ("accounts", "0001_initial"))
    assert tables() != new
    migrate()
    assert tables() == new


def test_step_by_step_the_models_of_today_are_reached() -> None:
    loader = MigrationLoader(None, replace_migrations=False)
    reached = loader.project_state(newest(loader))
    assert MigrationAutodetector(reached, ProjectState.from_apps(apps)).changes(graph=loader.graph) == {}
