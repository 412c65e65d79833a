"""What it costs to write one photo's labels, beside the plain insert of the same rows."""

import dataclasses
from collections.abc import Iterator
from typing import Final

from django.db import transaction

from benchmarks.search.clock import by_turns
from benchmarks.search.fill import largest_owner
from benchmarks.search.table import Line, ratio
from gallery.labelling.answer import FoundLabel
from gallery.models import Detection, Label, Photo
from gallery.pipeline.detections import replace_detections

ROUNDS: Final = 100
NAMES: Final = ("Dog", "Canine", "Mammal", "Pet", "Animal", "Car", "Vehicle", "Transportation")
"""With their two categories these are ten rows."""


def writing() -> Iterator[Line]:
    """On photos that nothing was found on, two for each round; they are as they were afterwards."""
    unlabelled = Photo.objects.visible_to(largest_owner()).live().filter(detections=None).order_by("pk")
    photos = list(unlabelled[: 2 * (ROUNDS + 1)])
    rounds = len(photos) // 2 - 1
    told = [_found(Label.objects.called(name.casefold()).get()) for name in NAMES]
    labels = [*Label.objects.filter(folded__in=[item.name.casefold() for item in told], kind="label")]
    labels += Label.objects.filter(
        name__in={name for item in told for name in item.categories}, kind="category"
    )
    waiting = iter(photos)

    def replace() -> None:
        with transaction.atomic():
            replace_detections(next(waiting), told, "3.0")

    def plain() -> None:
        photo = next(waiting)
        with transaction.atomic():
            Detection.objects.bulk_create(_row(photo, label) for label in labels)

    found = by_turns({"ours": replace, "plain": plain}, rounds)
    line = ratio(
        f"labels of one photo ({len(labels)} rows) against an insert", found["ours"], found["plain"], 2
    )
    walls = " against ".join(f"{timing.wall_p50:.1f}" for timing in found.values())
    yield dataclasses.replace(line, told=f"{line.told}; on the wall {walls}")
    for photo in photos[: 2 * rounds + 2 : 2]:
        with transaction.atomic():
            replace_detections(photo, [], "3.0")
    Detection.objects.filter(photo__in=photos[1::2]).delete()


def _found(label: Label) -> FoundLabel:
    words = (tuple(told) for told in (label.parents, label.aliases, label.categories))
    return FoundLabel(label.name, 91.5, *words)


def _row(photo: Photo, label: Label) -> Detection:
    return Detection(
        photo=photo, label=label, owner_id=photo.owner_id, taken_local=photo.taken_local,
        confidence=91.5, certainty=91.5, model_version="3.0",
    )  # fmt: skip
