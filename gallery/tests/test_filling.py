"""A site that has photos already gets names, categories, certainty and counters when it is migrated."""

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gallery.models import Detection, LabelName, OwnerLabel, OwnerMonth, Photo, PhotoText, Spending
from gallery.pipeline import reconcile

NOON = datetime(2024, 6, 15, 12, tzinfo=UTC)


def migrate(*targets: tuple[str, str]) -> Any:
    executor = MigrationExecutor(connection)
    executor.migrate(list(targets))
    return executor.loader.project_state(list(targets)).apps


@pytest.fixture
def old() -> Any:
    """The models as they were before labels could be corrected; the newest again when the test is over."""
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes()
    yield migrate(("gallery", "0001_initial"), ("accounts", "0001_initial"))
    migrate(*newest)


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
    migrate(*MigrationExecutor(connection).loader.graph.leaf_nodes())
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
