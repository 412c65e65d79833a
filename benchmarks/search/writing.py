"""What it costs to write one photo's labels, beside the plain insert of the same rows.

Plain is what any way to keep an answer has to do: look the names up, insert the rows. Ours also locks the photo, works
out what follows from what and what its owner has said, keeps the words of each label and moves the counters.
"""

import dataclasses
from collections.abc import Iterator
from typing import Final

from django.db import transaction

from benchmarks.search.clock import by_turns
from benchmarks.search.fill import largest_owner
from benchmarks.search.table import Line, ratio
from gallery.folding import fold
from gallery.labelling.answer import FoundLabel
from gallery.models import Detection, Label, Photo
from gallery.pipeline.detections import replace_detections

ROUNDS: Final = 100
NAMES: Final = ("Dog", "Canine", "Mammal", "Pet", "Animal", "Car", "Vehicle", "Transportation")
"""With their two categories these are ten rows."""


def writing() -> Iterator[Line]:
    """On photos that nothing was found on, three for each round; they are as they were afterwards."""
    unlabelled = Photo.objects.visible_to(largest_owner()).live().filter(detections=None).order_by("pk")
    photos = list(unlabelled[: 3 * (ROUNDS + 1)])
    rounds = len(photos) // 3 - 1
    told = [_found(Label.objects.called(name.casefold()).get()) for name in NAMES]
    names = {fold(name) for item in told for name in (item.name, *item.categories)}
    labels = _named(names)
    waiting = iter(photos)

    def replace() -> None:
        with transaction.atomic():
            replace_detections(next(waiting), told, "3.0")

    def plain() -> None:
        photo = next(waiting)
        with transaction.atomic():
            Detection.objects.bulk_create(_row(photo, label) for label in _named(names))

    def bare() -> None:
        photo = next(waiting)
        with transaction.atomic():
            Detection.objects.bulk_create(_row(photo, label) for label in labels)

    found = by_turns({"ours": replace, "plain": plain, "bare": bare}, rounds)
    what = f"labels of one photo ({len(labels)} rows) against"
    line = ratio(f"{what} an insert", found["ours"], found["plain"], 2)
    walls = " against ".join(f"{found[name].wall_p50:.1f}" for name in ("ours", "plain"))
    yield dataclasses.replace(line, told=f"{line.told}; on the wall {walls}")
    yield ratio(f"{what} one that knows its labels", found["ours"], found["bare"], None)
    for photo in photos[::3]:
        with transaction.atomic():
            replace_detections(photo, [], "3.0")
    Detection.objects.filter(photo__in=[*photos[1::3], *photos[2::3]]).delete()


def _named(folded: set[str]) -> list[Label]:
    rows = Label.objects.filter(folded__in=folded, kind__in=("label", "category"))
    return list({(row.folded, row.kind): row for row in rows}.values())


def _found(label: Label) -> FoundLabel:
    words = (tuple(told) for told in (label.parents, label.aliases, label.categories))
    return FoundLabel(label.name, 91.5, *words)


def _row(photo: Photo, label: Label) -> Detection:
    return Detection(
        photo=photo, label=label, owner_id=photo.owner_id, taken_local=photo.taken_local,
        confidence=91.5, certainty=91.5, model_version="3.0",
    )  # fmt: skip
