"""What the API tells of a photo: the members that the contract fixes, each of its type, and no other."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from gallery.exposure import Exposure
from gallery.models import Instance, Job, Photo
from gallery.tests.asking import address, program, read
from gallery.tests.collection import make_finished
from gallery.tests.making import make_detection, make_jobs, make_photo

pytestmark = pytest.mark.usefixtures("plain_pages")
RENDITION = {"url": str, "width": int, "height": int, "content_type": str}
STEP = {"name": str, "state": str, "attempts": int, "reason": str, "next_attempt_at": (str, None)}
INSTANCE = {"left": float, "top": float, "width": float, "height": float, "confidence": float}
LABEL = {
    "name": str,
    "confidence": float,
    "state": str,
    "source": str,
    "model_version": str,
    "parents": [str],
    "aliases": [str],
    "categories": [str],
    "instances": [INSTANCE],
}
EXPOSURE = {
    "time": (float, None),
    "f_number": (float, None),
    "iso": (int, None),
    "focal_length": (float, None),
    "focal_length_35mm": (int, None),
    "flash": (bool, None),
    "bias": (float, None),
}
PHOTO = {
    "id": str,
    "filename": str,
    "caption": str,
    "content_type": str,
    "bytes": int,
    "sha256": str,
    "width": int,
    "height": int,
    "taken_at": str,
    "taken_offset": (int, None),
    "taken_at_source": str,
    "uploaded_at": str,
    "rotation": int,
    "favourite": bool,
    "archived": bool,
    "trashed_at": (str, None),
    "camera": str,
    "lens": str,
    "exposure": (EXPOSURE, None),
    "rating": (int, None),
    "kind": str,
    "location": ({"latitude": float, "longitude": float, "altitude": (float, None)}, None),
    "thumbhash": str,
    "renditions": {"thumb": RENDITION, "preview": RENDITION, "full": RENDITION},
    "processing": {"state": str, "steps": [STEP]},
    "labels": [LABEL],
}


def fits(value: Any, shape: Any) -> bool:
    """Whether a JSON value has exactly these members and types: a bool is no int, and null only where it may be."""
    if isinstance(shape, dict):
        return (
            isinstance(value, dict)
            and value.keys() == shape.keys()
            and all(fits(value[name], shape[name]) for name in shape)
        )
    if isinstance(shape, list):
        return isinstance(value, list) and all(fits(item, shape[0]) for item in value)
    if isinstance(shape, tuple):
        return any(fits(value, one) for one in shape)
    return value is None if shape is None else type(value) is shape


@pytest.fixture
def photo(alice: User) -> Photo:
    """Everything that can be known about a photo."""
    photo = make_finished(
        alice,
        filename="Chelsea.jpg",
        caption="asleep",
        taken_offset=600,
        taken_source=Photo.TakenSource.EXIF,
        camera_make="Canon",
        camera_model="Canon EOS R5",
        lens="RF50mm F1.8 STM",
        exposure=Exposure(time=0.004, f_number=1.8, iso=64, flash=False).as_row,
        rating=4,
        latitude=-33.8568,
        longitude=151.2153,
        altitude=12.5,
        thumbhash=b"\x01\x02\xff",
        favourite_at=timezone.now(),
    )
    cat = make_detection(
        photo, "Cat", 97.1234567, aliases=["Kitty"], parents=["Animal"], categories=["Animals and Pets"]
    )
    Instance.objects.create(detection=cat, left=0.1, top=0.2, width=0.5, height=0.25, confidence=96.5)
    make_detection(photo, "Pillow", 80)
    make_detection(photo, "Blanket", 79.999)
    make_detection(photo, "Dog", 55)
    return photo


@pytest.fixture
def mine(alice: User) -> Client:
    return program(alice)


def test_a_photo_has_these_members_and_no_other(mine: Client, photo: Photo) -> None:
    assert fits(read(mine, address(photo)), PHOTO)
    (listed,) = read(mine)["results"]
    assert fits(listed, PHOTO)


def test_a_photo_of_which_nothing_is_known_yet_has_the_same_members(mine: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_jobs(photo)
    told = read(mine, address(photo))
    assert fits(told, PHOTO | {"renditions": {}})
    unknown = ("taken_offset", "trashed_at", "location", "exposure", "rating")
    empty = ("caption", "camera", "lens", "thumbhash")
    assert [told[name] for name in (*unknown, *empty, "labels")] == [*[None] * 5, *[""] * 4, []]
    assert told["kind"] == "still"
    assert told["processing"]["state"] == "pending"


def test_the_values_are_those_of_the_photo(mine: Client, photo: Photo) -> None:
    told = read(mine, address(photo))
    expected = {
        "id": str(photo.pk),
        "filename": "Chelsea.jpg",
        "caption": "asleep",
        "content_type": "image/jpeg",
        "bytes": 1000,
        "sha256": photo.sha256,
        "width": 4000,
        "height": 3000,
        "taken_at": "2024-06-15T12:00:00+10:00",
        "taken_offset": 600,
        "taken_at_source": "exif",
        "favourite": True,
        "trashed_at": None,
        "camera": "Canon EOS R5",
        "lens": "RF50mm F1.8 STM",
        "location": {"latitude": -33.8568, "longitude": 151.2153, "altitude": 12.5},
        "thumbhash": "AQL/",
    }
    assert {name: told[name] for name in expected} == expected


def test_times_are_in_utc(mine: Client, photo: Photo) -> None:
    for name in ("uploaded_at", "trashed_at"):
        Photo.objects.filter(pk=photo.pk).update(trashed_at=timezone.now())
        moment = datetime.fromisoformat(read(mine, address(photo))[name])
        assert moment.utcoffset() == timedelta(0)


def test_the_whole_answer_carries_every_label_the_surest_first(mine: Client, photo: Photo) -> None:
    labels = read(mine, address(photo))["labels"]
    assert [label["name"] for label in labels] == ["Cat", "Pillow", "Blanket", "Dog"]
    cat = labels[0]
    assert cat["confidence"] == 97.123
    assert (cat["state"], cat["source"]) == ("suggested", "rekognition")
    assert (cat["parents"], cat["aliases"], cat["categories"]) == (
        ["Animal"],
        ["Kitty"],
        ["Animals and Pets"],
    )
    assert cat["instances"] == [{"left": 0.1, "top": 0.2, "width": 0.5, "height": 0.25, "confidence": 96.5}]


def test_a_list_carries_sure_labels_only_and_no_boxes(mine: Client, photo: Photo) -> None:
    (listed,) = read(mine)["results"]
    assert [(label["name"], label["instances"]) for label in listed["labels"]] == [
        ("Cat", []),
        ("Pillow", []),
    ]


def test_apart_from_labels_a_list_tells_what_the_photo_itself_tells(mine: Client, photo: Photo) -> None:
    (listed,) = read(mine)["results"]
    assert listed | {"labels": []} == read(mine, address(photo)) | {"labels": []}


def test_renditions_are_signed_and_hold_their_url_for_a_while(mine: Client, photo: Photo) -> None:
    first, second = (read(mine, address(photo))["renditions"] for _ in range(2))
    assert first == second  # a browser's cache would be of no use otherwise
    for spec, rendition in first.items():
        assert re.search(
            rf"/renditions/{photo.pk}/{spec}\?.*X-Amz-Signature=[0-9a-f]{{64}}$", rendition["url"]
        )
    assert photo.original_key + "?" not in json.dumps(first)


def test_the_original_downloads_under_its_name(mine: Client, photo: Photo) -> None:
    response = mine.get(address(photo, "original/"))
    assert response.status_code == 302
    assert f"/originals/{photo.original_key}?" in response.headers["Location"]
    assert "attachment" in response.headers["Location"]
    assert "Chelsea.jpg" in response.headers["Location"]


@pytest.mark.parametrize(("ends", "state"), [
    (("done", "done"), "done"),
    (("done", "skipped"), "done"),
    (("done", "waiting"), "pending"),
    (("failed", "failed"), "failed"),
    (("done", "failed"), "failed"),
])  # fmt: skip
def test_the_state_follows_from_the_steps(
    mine: Client, alice: User, ends: tuple[str, ...], state: str
) -> None:
    photo = make_photo(alice)
    for job, end in zip(make_jobs(photo).values(), ends, strict=True):
        finished = None if end == "waiting" else timezone.now()
        reason = "" if end == "done" else "The picture is too small."
        Job.objects.filter(pk=job.pk).update(state=end, finished_at=finished, reason=reason, attempts=2)
    processing = read(mine, address(photo))["processing"]
    assert processing["state"] == state
    assert [(step["state"], step["attempts"]) for step in processing["steps"]] == [(end, 2) for end in ends]
    assert [step["next_attempt_at"] is not None for step in processing["steps"]] == [
        end == "waiting" for end in ends
    ]


def test_a_wait_gives_its_reason(mine: Client, alice: User) -> None:
    photo = make_photo(alice)
    make_jobs(photo, reason="The image recognition is busy; the photo is tried again.")
    steps = read(mine, address(photo))["processing"]["steps"]
    assert {step["reason"] for step in steps} == {"The image recognition is busy; the photo is tried again."}
