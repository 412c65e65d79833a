"""Photos are turned by quarters, with real pictures and the real S3 server; the original is never touched."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery import storage
from gallery.geometry import BoundingBox
from gallery.imaging import darkroom
from gallery.imaging.thumbhash import thumbhash
from gallery.intake import receive
from gallery.labelling import rate, rekognition
from gallery.models import Change, Job, Photo, Purge, Rendition
from gallery.organise import bulk, changes, rotation
from gallery.pipeline import claims, develop, jobs, purge, run, runs
from gallery.tests.answering import FREE

pytestmark = [pytest.mark.usefixtures("s3", "queue", "plain_pages"), pytest.mark.django_db(transaction=True)]
RED, GREY = (200, 20, 20), (120, 120, 120)
SPOT = BoundingBox(0.6, 0.1, 0.3, 0.2)  # where the red is on the original


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "reserve", lambda *_, **__: FREE)


@pytest.fixture(autouse=True)
def _sees_red(monkeypatch: pytest.MonkeyPatch) -> None:
    """A recogniser that tells where the red is on the picture that it is sent."""

    def answer(_operation: str, jpeg: bytes, **_members: Any) -> dict[str, Any]:
        place = red_on(jpeg)
        box = {"Left": place.left, "Top": place.top, "Width": place.width, "Height": place.height}
        found = {"Name": "Spot", "Confidence": 99.0, "Instances": [{"BoundingBox": box, "Confidence": 99.0}]}
        return {"Labels": [found], "LabelModelVersion": "3.0"}

    monkeypatch.setattr(rekognition, "ask", answer)


def spotted(exif: Image.Exif | None = None) -> bytes:
    """A grey picture of 800 × 500 with a red part."""
    picture, out = Image.new("RGB", (800, 500), GREY), io.BytesIO()
    left, top = round(SPOT.left * 800), round(SPOT.top * 500)
    picture.paste(RED, (left, top, left + round(SPOT.width * 800), top + round(SPOT.height * 500)))
    picture.save(out, "JPEG", quality=95, exif=exif or Image.Exif())
    return out.getvalue()


def red_on(picture: bytes) -> BoundingBox:
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    red, green, _ = image.split()
    mask = Image.merge("RGB", (red, green, green)).convert("L", matrix=(1, -1, 0, 0))
    left, top, right, bottom = mask.point(lambda value: 255 * (value > 60)).getbbox() or (0, 0, 0, 0)
    width, height = image.size
    return BoundingBox(left / width, top / height, (right - left) / width, (bottom - top) / height)


def close(place: BoundingBox) -> Any:
    return pytest.approx((place.left, place.top, place.width, place.height), abs=0.02)


def numbers(place: BoundingBox) -> tuple[float, ...]:
    return place.left, place.top, place.width, place.height


def sent(owner: User, data: bytes = b"") -> Photo:
    file = SimpleUploadedFile("spot.jpg", data or spotted())
    return receive.store_upload(owner, file, filename="spot.jpg").photo


def labelled(owner: User, data: bytes = b"") -> Photo:
    photo = sent(owner, data)
    assert run.one("renditions")
    assert run.one("labels")
    return photo


def turned(photo: Photo, action: str = "turn_right") -> Change:
    done = bulk.act(photo.owner_id, action, [photo.pk])  # type: ignore[arg-type]  # one of the two
    assert done.changed == 1
    return done.change


def shown(photo: Photo) -> bytes:
    return storage.read_rendition(Rendition.objects.get(photo=photo, spec="full").key)


@pytest.fixture
def api(client: Client, alice: User) -> Callable[[Photo], Any]:
    client.force_login(alice)
    return lambda photo: client.get(f"/api/v1/photos/{photo.pk}/").json()


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_the_picture_its_size_and_its_boxes_turn_together(alice: User, api: Any, quarters: int) -> None:
    photo = labelled(alice)
    for _ in range(quarters):
        turned(photo)
    assert api(photo)["width"] == 800  # as long as its pictures lie so
    assert run.one("renditions")
    now = api(photo)
    assert now["rotation"] == quarters * 90
    assert (now["width"], now["height"]) == ((500, 800) if quarters % 2 else (800, 500))
    for made in now["renditions"].values():
        assert (made["height"] > made["width"]) == (quarters % 2 == 1)
    (box,) = now["labels"][0]["instances"]
    place = BoundingBox(*(box[name] for name in ("left", "top", "width", "height")))
    assert numbers(place) == close(red_on(shown(photo)))
    assert numbers(place) == close(SPOT.turned(quarters))


def test_it_is_turned_from_how_the_camera_held_it(alice: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned right to stand upright
    photo = labelled(alice, spotted(exif))
    upright = red_on(shown(photo))
    assert numbers(upright) == close(SPOT.turned(1))
    turned(photo)
    assert run.one("renditions")
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (800, 500)
    assert numbers(red_on(shown(photo))) == close(upright.turned(1))


def test_four_quarters_are_none(alice: User, api: Any) -> None:
    photo = labelled(alice)
    before, picture = api(photo), shown(photo)
    for _ in range(4):
        turned(photo)
        assert run.one("renditions")
    after = api(photo)
    assert after["labels"] == before["labels"]
    assert [after[name] for name in ("width", "height", "thumbhash", "rotation")] == [
        before[name] for name in ("width", "height", "thumbhash", "rotation")
    ]
    assert shown(photo) == picture


def test_the_original_stays_and_the_thumbhash_turns(alice: User) -> None:
    photo = labelled(alice)
    turned(photo, "turn_left")
    assert run.one("renditions")
    photo.refresh_from_db()
    assert b"".join(storage.stream_original(photo.original_key)) == spotted()
    thumb = Rendition.objects.get(photo=photo, spec="thumb")
    bigger = Image.open(io.BytesIO(storage.read_rendition(thumb.key)))
    assert bytes(photo.thumbhash)[4] >> 7 == thumbhash(bigger)[4] >> 7 == 0  # stands on its short side


def test_a_label_that_is_told_of_the_turned_picture_lies_where_it_is(alice: User, api: Any) -> None:
    photo = labelled(alice)
    turned(photo)
    assert run.one("renditions")
    runs.again(photo, "labels")
    assert run.one("labels")
    instance = photo.detections.get().instances.get()
    assert numbers(BoundingBox.of(instance)) == close(SPOT)
    turned(photo)
    assert run.one("renditions")
    (box,) = api(photo)["labels"][0]["instances"]
    assert (box["left"], box["top"], box["width"], box["height"]) == close(red_on(shown(photo)))


def test_an_answer_that_came_of_the_picture_before_it_was_turned_lies_where_it_is(
    alice: User, api: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = sent(alice)
    assert run.one("renditions")
    asks = rekognition.ask

    def slowly(operation: str, jpeg: bytes, **members: Any) -> Any:
        answer = asks(operation, jpeg, **members)
        turned(photo)
        assert run.one("renditions")
        return answer

    monkeypatch.setattr(rekognition, "ask", slowly)
    assert run.one("labels")
    (box,) = api(photo)["labels"][0]["instances"]
    assert (box["left"], box["top"], box["width"], box["height"]) == close(red_on(shown(photo)))


def test_a_roll_back_says_again_what_was_told_of_a_turned_picture(alice: User) -> None:
    photo = labelled(alice)
    turned(photo)
    assert run.one("renditions")
    ordered = runs.order(Photo.objects.all(), "labels", asked_for="all", ordered_by=alice, owner=alice)
    assert run.one("labels")
    runs.roll_back(ordered)
    runs.put_back()
    assert numbers(BoundingBox.of(photo.detections.get().instances.get())) == close(SPOT)


def test_turned_while_its_pictures_are_made_it_ends_as_it_is_to_be(alice: User, monkeypatch: Any) -> None:
    photo = sent(alice)
    making, turns = darkroom.develop, list[Change]()

    def slowly(*args: Any, **kwargs: Any) -> Any:
        if not turns:
            turns.append(turned(photo))
        return making(*args, **kwargs)

    monkeypatch.setattr(develop, "develop", slowly)
    assert run.one("renditions")  # comes too late
    assert not Rendition.objects.exists()
    assert run.one("renditions")
    photo.refresh_from_db()
    assert (photo.width, photo.height) == (500, 800)
    assert numbers(red_on(shown(photo))) == close(SPOT.turned(1))
    _nothing_is_left_over()


def test_two_turns_one_fast_after_the_other(alice: User) -> None:
    photo = labelled(alice)
    turned(photo)
    late = claims.claim("renditions")
    assert late is not None
    turned(photo)
    with pytest.raises(jobs.Stale):
        develop.work(late)
    assert run.one("renditions")
    assert not run.one("renditions")
    assert numbers(red_on(shown(photo))) == close(SPOT.turned(2))
    _nothing_is_left_over()


def test_the_pictures_before_stay_for_open_pages_and_go_then(alice: User) -> None:
    photo = labelled(alice)
    before = list(photo.renditions.values_list("key", flat=True))
    turned(photo)
    assert run.one("renditions")
    assert all(storage.exists("renditions", key) for key in before)
    turned(photo, "turn_left")  # back to how it was, before the old ones are gone
    assert run.one("renditions")
    _nothing_is_left_over()


def _nothing_is_left_over() -> None:
    """Once everything is due, the bucket has the renditions that have rows, and no others."""
    Purge.objects.update(due_at=timezone.now())
    purge.due()
    photo = Photo.objects.get()
    there = {found.key for found in storage.listed("renditions") if found.key.startswith(str(photo.pk))}
    assert there == set(photo.renditions.values_list("key", flat=True))


def test_undo_turns_back_what_nobody_turned_since(alice: User) -> None:
    one, other = labelled(alice), sent(alice, spotted() + b"\n")
    done = rotation.turn(alice.pk, "turn_left", [one.pk, other.pk])
    turned(other)
    assert changes.undo(alice.pk, done.change.pk) == 1
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.quarter_turns, other.quarter_turns) == (0, 0)
    assert (one.edition, other.edition) == (2, 2)


def test_what_is_in_the_trash_or_somebody_elses_is_not_turned(alice: User, bob: User) -> None:
    theirs, mine = sent(bob), sent(alice)
    Photo.objects.filter(pk=mine.pk).update(trashed_at=timezone.now())
    assert rotation.turn(alice.pk, "turn_left", [theirs.pk, mine.pk]).changed == 0
    assert not Photo.objects.exclude(quarter_turns=0).exists()


def test_the_api_says_how_it_is_to_stand(client: Client, alice: User) -> None:
    client.force_login(alice)
    photo = labelled(alice)
    address = f"/api/v1/photos/{photo.pk}/"

    def patch(degrees: int) -> Any:
        return client.patch(address, {"rotation": degrees}, content_type="application/json")

    assert patch(270).json()["rotation"] == 270
    assert Job.objects.get(photo=photo, step="renditions").state == "waiting"
    assert run.one("renditions")
    assert patch(270).json()["processing"]["state"] == "done"  # it stands so already
    assert patch(45).status_code == 422


def test_its_page_says_that_it_is_being_turned(client: Client, alice: User) -> None:
    client.force_login(alice)
    photo = labelled(alice)
    answer = client.post(reverse("photo_turn", args=[photo.pk]), {"action": "turn_right"}, follow=True)
    page = answer.content.decode()
    assert "The picture is being turned." in page
    assert 'hx-select-oob="#stage,#where,#told"' in page
    assert 'viewBox="0 0 1000 625"' in page
    assert run.one("renditions")
    page = client.get(reverse("photo", args=[photo.pk])).content.decode()
    assert "The picture is being turned." not in page
    assert 'viewBox="0 0 625 1000"' in page


def test_a_face_is_as_high_as_it_is_seen(client: Client, alice: User) -> None:
    """Portraits: what was a wide face on a picture that lay on its side is a high one."""
    client.force_login(alice)
    photo = labelled(alice)
    photo.faces.create(left=0.1, top=0.1, width=0.5, height=0.1, confidence=99)
    found = reverse("search") + "?q=is:portrait"
    assert "No photo found" in client.get(found).content.decode()
    turned(photo)
    assert "1 photo" in client.get(found).content.decode()
