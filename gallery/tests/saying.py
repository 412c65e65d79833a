"""What machines and owners say of photos, and what then stands on them."""

from django.db import transaction

from gallery.labelling.answer import FoundLabel
from gallery.models import Change, Detection, OwnerLabel, Photo
from gallery.organise import verdicts
from gallery.pipeline.detections import replace_detections

DOG = FoundLabel("Dog", 95, parents=("Animal", "Pet"), categories=("Animals and Pets",))
ANIMAL = FoundLabel("Animal", 95)
CAT = FoundLabel("Cat", 70, parents=("Animal",), categories=("Animals and Pets",))


def machine(photo: Photo, *found: FoundLabel, version: str = "3.0", kind: str = "label") -> None:
    with transaction.atomic():
        replace_detections(photo, found, version, kind=kind)


def say(photo: Photo, name: str, state: str | None) -> Change:
    """The owner's word of a label, which was another before."""
    change = verdicts.say(photo.owner_id, [photo.pk], name, state)
    assert set(change.before) == {str(photo.pk)}
    return change


def stands(photo: Photo, least: float = 0) -> set[str]:
    """The names of what a search finds this photo by."""
    rows = Detection.objects.filter(photo=photo, certainty__gte=least)
    return set(rows.values_list("label__name", flat=True))


def counts() -> dict[str, tuple[int, int]]:
    """{name: (photos, shown)} of what is counted at all."""
    rows = OwnerLabel.objects.exclude(photos=0).values_list("label__name", "photos", "shown")
    return {name: (every, shown) for name, every, shown in rows}
