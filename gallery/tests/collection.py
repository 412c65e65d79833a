"""A library as its owner has it: photos with renditions, finished jobs, labels and boxes."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from gallery.models import Instance, Job, Photo, Rendition
from gallery.tests.making import NOON, make_detection, make_jobs, make_photo

SIZES = {"thumb": (320, 240), "preview": (1280, 960), "full": (2048, 1536)}


def make_finished(owner: User, **fields: Any) -> Photo:
    """A photo that everything was done with, without labels."""
    photo = make_photo(owner, **{"width": 4000, "height": 3000, "compared_at": NOON, **fields})
    make_jobs(photo, state=Job.State.DONE, finished_at=timezone.now())
    Rendition.objects.bulk_create(
        Rendition(
            photo=photo,
            spec=spec,
            key=f"{photo.pk}/{spec}",
            content_type="image/jpeg",
            width=width,
            height=height,
            byte_size=1000,
        )
        for spec, (width, height) in SIZES.items()
    )
    return photo


def make_library(owner: User, count: int, *, labels: int = 2) -> list[Photo]:
    """`count` photos, one a day back from noon; each with `labels` labels that have a box each."""
    photos = [
        make_finished(owner, taken_local=NOON - timedelta(days=day), filename=f"photo {day}.jpg")
        for day in range(count)
    ]
    for photo in photos:
        for number in range(labels):
            seen = make_detection(photo, f"Label {number}", 95 - number)
            Instance.objects.create(detection=seen, left=0.1, top=0.2, width=0.5, height=0.25, confidence=90)
    return photos
