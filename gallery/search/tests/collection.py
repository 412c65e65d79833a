"""A library made by hand: eighteen photos of Alice's, each there for a reason; and of Bob's, which she may not find."""

import dataclasses
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from django.utils import timezone

from accounts.models import User
from gallery.folding import fold
from gallery.models import Album, AlbumEntry, Detection, Face, Job, Photo, Verdict
from gallery.tests.making import make_detection, make_label, make_photo

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30
PETS: Final = "Animals and Pets"
WORDS: Final[dict[str, dict[str, Any]]] = {
    "Dog": {"aliases": ["Hound", "Canine Friend"], "parents": ["Animal"], "categories": [PETS]},
    "Cat": {"parents": ["Animal"], "categories": [PETS]},
    "Car": {"aliases": ["Automobile"], "parents": ["Vehicle"]},
    "Café": {"aliases": ["Kaffeehaus"]},
}
KINDS: Final = {PETS: "category", "Travel": "category", "Ada Lovelace": "celebrity", "Smoking": "moderation"}
CANON: Final = {"camera_make": "Canon", "camera_model": "Canon EOS R5"}
IPHONE: Final = {"camera_make": "Apple", "camera_model": "iPhone 15 Pro"}
NICE: Final = {"latitude": 43.7, "longitude": 7.3}


@dataclasses.dataclass(frozen=True)
class Made:
    """A photo as it is to be: label names with confidence; 101 confirmed by its owner, -1 rejected."""

    taken: str
    labels: Mapping[str, float] = dataclasses.field(default_factory=dict)
    fields: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    favourite: bool = False
    trashed: bool = False
    archived: bool = False
    failed: bool = False
    faces: int = 0


LIBRARY: Final[dict[str, Made]] = {
    "rex": Made(
        "2024-05-01", {"Dog": 97, "Animal": 97, PETS: 97}, {**CANON, "byte_size": 12 * MB}, favourite=True
    ),
    "duo": Made("2024-05-31T23:59:59", {"Dog": 85, "Cat": 88, "Animal": 88, PETS: 88}, CANON),
    "puss": Made("2024-06-15T12:00", {"Cat": 92, "Animal": 92, PETS: 92}, {**IPHONE, **NICE}),
    "maybe": Made("2023-12-31T23:59:59", {"Dog": 60, "Animal": 60, PETS: 60}),
    "beach": Made("2024-07-01", {"Beach": 99, "Sea": 95, "Travel": 95}, {**NICE, "caption": "Été à Nice"}),
    "walk": Made("2022-01-01", {"Dog": 90, "Beach": 82, "Animal": 90, PETS: 90}, {"caption": "By the sea"}),
    "lunch": Made("2021-03-03", {"Hot Dog": 93, "Food": 93}, {"byte_size": 500 * KB}),
    "wolf": Made("2020-02-29", {"Dog": -1, "Wolf": 81, "Animal": 81, PETS: 81}),
    "sure": Made("2020-03-01", {"Dog": 101, "Animal": 101, PETS: 101}, favourite=True),
    "crowd": Made("2019-06-01", {"Person": 95}),
    "someone": Made("2019-06-02", {"Person": 58}),
    "face": Made("2019-06-03", faces=1),
    "unicorn": Made("2018-01-01", fields={"caption": "Invoice\n100%_a \\ b"}, failed=True),
    "nothing": Made("2018-01-02", {"Tree": -1}),
    "cafe": Made("2017-01-01", {"Café": 90}, {"byte_size": 10 * MB}),
    "car": Made("2016-01-01", {"Car": 95, "Vehicle": 95}, {"byte_size": 2 * GB, "camera_make": "NIKON"}),
    "ada": Made("2015-01-01", {"Ada Lovelace": 99, "Smoking": 88}),
    "binned": Made("2014-01-01", {"Dog": 95, "Animal": 95, "Bone": 70}, favourite=True, trashed=True),
}
ALBUMS: Final = {"Trip": ("rex", "beach", "binned"), "Été 2024": ("puss", "beach"), "Empty": ()}


def make(owner: User, names: Collection[str] = tuple(LIBRARY)) -> None:
    """These of it, and the albums. A photo's file is called after it."""
    photos = {name: make_one(owner, name, LIBRARY[name]) for name in names}
    for title, held in ALBUMS.items():
        album = Album.objects.create(owner=owner, title=title, folded=fold(title))
        AlbumEntry.objects.bulk_create(
            AlbumEntry(album=album, photo=photos[name]) for name in held if name in photos
        )


def make_beside(owner: User) -> None:
    """A few of the same, for somebody whose photos must not be found."""
    make(owner, ("rex", "beach", "binned"))


def make_one(owner: User, name: str, made: Made) -> Photo:
    now = timezone.now()
    photo = make_photo(
        owner,
        filename=f"{name}.jpg",
        taken_local=datetime.fromisoformat(made.taken).replace(tzinfo=UTC),
        favourite_at=now if made.favourite else None,
        trashed_at=now if made.trashed else None,
        archived_at=now if made.archived else None,
        **made.fields,
    )
    for label, certainty in made.labels.items():
        _make_label(photo, label, certainty)
    for _ in range(made.faces):
        Face.objects.create(photo=photo, confidence=99, left=0.1, top=0.1, width=0.2, height=0.2)
    if made.failed:
        Job.objects.create(
            photo=photo, owner=owner, step="labels", state="failed", reason="Why.", finished_at=now
        )
    return photo


def _make_label(photo: Photo, name: str, certainty: float) -> None:
    kind = KINDS.get(name, "label")
    if 0 <= certainty <= 100:
        make_detection(photo, name, certainty, kind=kind, **WORDS.get(name, {}))
        return
    label = make_label(name, kind, **WORDS.get(name, {}))
    Detection.objects.create(
        photo=photo, label=label, owner=photo.owner, taken_local=photo.taken_local,
        trashed=photo.trashed_at is not None, confidence=90, certainty=certainty,
    )  # fmt: skip
    state = "confirmed" if certainty > 0 else "rejected"
    Verdict.objects.create(photo=photo, owner=photo.owner, label=label, state=state)
