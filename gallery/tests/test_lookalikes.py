"""The worker puts photos that look alike together: once, whoever comes first, and never those that were told apart."""

import io
from functools import partial
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from PIL import Image

from accounts.models import User
from gallery import storage, tasks
from gallery.imaging.tests.pictures import PHOTOS
from gallery.intake import receive
from gallery.likeness import distance
from gallery.models import Photo, Rendition
from gallery.organise import lookalikes as organise
from gallery.organise import rotation
from gallery.organise.photos import trash
from gallery.pipeline import deletion, develop, lookalikes, queue, run
from gallery.pipeline.sweep import sweep
from gallery.tests.collection import make_finished
from gallery.tests.making import make_photo
from gallery.tests.together import together

pytestmark = pytest.mark.django_db
HASH = 0x0123_4567_89AB_CDEF


def seen(owner: User, *bits: int, photo: Photo | None = None) -> Photo:
    """A photo that was just compared; its hash differs in these bits from HASH."""
    phash = HASH ^ sum(1 << bit for bit in bits)
    row = photo or make_photo(owner, phash=phash)
    lookalikes.compare(row)
    row.refresh_from_db()
    return row


def groups(*photos: Photo) -> list[int]:
    """Of each the number of its group, counted from 1 as they come; 0 for none."""
    named: dict[object, int] = {None: 0}
    rows = dict(Photo.objects.values_list("pk", "alike"))
    return [named.setdefault(rows[photo.pk], len(named)) for photo in photos]


def test_what_differs_in_seven_bits_is_alike_and_in_eight_is_not(alice: User) -> None:
    first = seen(alice)
    near, far = seen(alice, *range(0, 63, 9)), seen(alice, *range(0, 64, 8))
    assert groups(first, near, far) == [1, 1, 0]


@pytest.mark.parametrize(
    "bits", [(0, 1, 16, 17, 32, 33, 48), (0, 1, 2, 3, 4, 5, 6), (62, 61, 46, 45, 30, 29, 14)]
)
def test_wherever_the_bits_are_that_differ(alice: User, bits: tuple[int, ...]) -> None:
    assert groups(seen(alice), seen(alice, *bits)) == [1, 1]


def test_nobody_s_photo_is_compared_with_somebody_else_s(alice: User, bob: User) -> None:
    assert groups(seen(alice), seen(bob)) == [0, 0]


def test_it_joins_the_one_that_it_resembles_most(alice: User) -> None:
    here = [seen(alice), seen(alice, 0)]
    there = [seen(alice, *range(10, 20)), seen(alice, *range(10, 21))]
    assert groups(*here, *there, seen(alice, *range(10, 16))) == [1, 1, 2, 2, 2]


def test_photos_that_were_told_apart_are_not_put_together_by_a_third_one(alice: User) -> None:
    one, two = seen(alice), seen(alice, 1)
    organise.decide(alice.pk, [one.pk, two.pk], [one.pk, two.pk], inherits=False)
    third = seen(alice, 1, 2)
    assert groups(two, third, one) == [1, 1, 2]
    seen(alice, 1, 2, 3)
    assert groups(two, third, one) == [1, 1, 2]


def test_a_group_takes_so_many_outside_the_trash(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookalikes, "MOST", 3)
    series = [seen(alice) for _ in range(5)]
    assert groups(*series) == [1, 1, 1, 2, 2]
    trash(alice.pk, [photo.pk for photo in series[1:]])
    assert groups(series[0], seen(alice)) == [1, 1]


def test_who_was_told_apart_while_nobody_had_compared_it_stays_so(alice: User) -> None:
    one, two = seen(alice), seen(alice, 1)
    organise.decide(alice.pk, [one.pk, two.pk], [one.pk, two.pk], inherits=False)
    last = two if one.alike else one
    Photo.objects.filter(pk=last.pk).update(alike=None, compared_at=None)
    last.refresh_from_db()
    lookalikes.compare(last)
    first = one if last is two else two
    assert len({*groups(first, last)}) == 2


def test_a_hash_that_comes_later_is_compared(alice: User) -> None:
    """As of a photo whose thumb could not be read, once its renditions are made anew."""
    photos = [make_photo(alice, phash=None, compared_at=timezone.now()) for _ in range(2)]
    for photo in photos:
        photo.phash = None
        developed = mock.Mock(phash=HASH, thumbhash=b"", facts=mock.MagicMock(caption="", latitude=None))
        developed.facts.exposure.as_row = []
        for name in ("camera_make", "camera_model", "lens"):
            setattr(developed.facts, name, "")
        developed.facts.configure_mock(rating=None, kind="still", longitude=None, altitude=None)
        develop._tell(photo, developed, (4, 3))
        photo.refresh_from_db()
        lookalikes.compare(photo)
    assert groups(*photos) == [1, 1]


def test_one_in_the_trash_finds_its_group_too(alice: User) -> None:
    first = make_photo(alice, phash=HASH, trashed_at=timezone.now())
    assert groups(seen(alice, photo=first), seen(alice)) == [1, 1]


def test_what_is_too_plain_has_been_compared_and_is_like_nothing(alice: User) -> None:
    plain = [seen(alice, photo=make_photo(alice, phash=None)) for _ in range(2)]
    assert groups(*plain) == [0, 0]
    assert all(photo.compared_at for photo in plain)


def test_a_second_time_nothing_is_asked(alice: User) -> None:
    photo = seen(alice)
    with CaptureQueriesContext(connection) as queries:
        lookalikes.compare(photo)
    assert not queries


def test_to_compare_costs_as_much_with_many_photos_as_with_few(alice: User) -> None:
    costs = []
    for many in (2, 8):
        for _ in range(many):
            seen(alice)
        photo = make_photo(alice, phash=HASH)
        with CaptureQueriesContext(connection) as queries:
            lookalikes.compare(photo)
        costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_indexes_of_the_bands_are_used(alice: User) -> None:
    with CaptureQueriesContext(connection) as queries, connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET enable_seqscan = off")
        told = lookalikes._sharing(make_photo(alice, phash=HASH), 16).explain()
    assert "photo_like_16" in told, queries.captured_queries


def test_a_group_that_loses_its_first_photo_for_good_stays(alice: User) -> None:
    first, second, third = seen(alice), seen(alice), seen(alice)
    User.objects.filter(pk=alice.pk).update(used_bytes=10_000)
    deletion.delete_forever(first)
    assert groups(second, third) == [1, 1]


@pytest.mark.django_db(transaction=True)
def test_two_that_come_at_the_same_moment_find_each_other(alice: User) -> None:
    pairs = [
        (make_photo(alice, phash=n << 40), make_photo(alice, phash=n << 40)) for n in (1 << 8, 1 << 16 | 255)
    ]
    for one, two in pairs:
        together(partial(lookalikes.compare, one), partial(lookalikes.compare, two))
    assert all(groups(one, two) == [1, 1] for one, two in pairs)


def jpeg(name: str, quality: int = 90, side: int = 600) -> bytes:
    with Image.open(PHOTOS / name, formats=["JPEG"]) as image:
        image.thumbnail((side, side))
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality)
    return out.getvalue()


def sent(owner: User, data: bytes, name: str = "photo.jpg") -> Photo:
    photo = receive.store_upload(owner, SimpleUploadedFile(name, data), filename=name).photo
    while run.one("renditions"):
        pass
    photo.refresh_from_db()
    return photo


@pytest.fixture
def real(s3: object, queue: object) -> None:
    """With the real S3 server; words that are sent are not heard."""


@pytest.mark.usefixtures("real")
@pytest.mark.django_db(transaction=True)
class TestRealPhotos:
    def test_a_smaller_copy_is_found_and_another_photo_is_not(self, alice: User) -> None:
        large, other = sent(alice, jpeg("china.jpg")), sent(alice, jpeg("coffee.jpg"))
        small = sent(alice, jpeg("china.jpg", quality=40, side=200))
        assert groups(large, small, other) == [1, 1, 0]
        assert large.compared_at
        assert large.phash is not None

    def test_a_turned_photo_keeps_the_hash_of_its_original(self, alice: User) -> None:
        photo = sent(alice, jpeg("chelsea.jpg"))
        rotation.turn(alice.pk, "turn_right", [photo.pk])
        while run.one("renditions"):
            pass
        turned = Photo.objects.get(pk=photo.pk)
        assert turned.width < turned.height
        assert turned.phash is not None
        assert photo.phash is not None
        assert distance(turned.phash, photo.phash) <= 2

    def test_photos_of_an_earlier_release_are_compared_by_their_thumbs(self, alice: User) -> None:
        upright, turned = sent(alice, jpeg("rocket.jpg")), sent(alice, jpeg("rocket.jpg", quality=50))
        rotation.turn(alice.pk, "turn_left", [turned.pk])
        while run.one("renditions"):
            pass
        before = dict(Photo.objects.values_list("pk", "phash"))
        Photo.objects.update(phash=None, compared_at=None, alike=None)
        tasks.compare_earlier()
        assert groups(upright, turned) == [1, 1]
        after = dict(Photo.objects.values_list("pk", "phash"))
        assert all(distance(before[pk] or 0, after[pk] or 0) <= 3 for pk in before)
        assert not lookalikes.earlier().exists()

    def test_one_whose_thumb_is_gone_is_not_looked_at_for_ever(self, alice: User) -> None:
        photo = sent(alice, jpeg("rocket.jpg"))
        Photo.objects.update(phash=None, compared_at=None)
        storage.delete("renditions", Rendition.objects.get(photo=photo, spec="thumb").key)
        tasks.compare_earlier()
        assert not lookalikes.earlier().exists()

    def test_one_that_can_not_be_read_now_holds_up_no_other(
        self, alice: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shut, other = sent(alice, jpeg("rocket.jpg")), sent(alice, jpeg("chelsea.jpg"))
        Photo.objects.update(phash=None, compared_at=None)
        key, real = Rendition.objects.get(photo=shut, spec="thumb").key, storage.read_rendition

        def denied(wanted: str) -> bytes:
            if wanted == key:
                raise storage.StorageDenied("403")
            return real(wanted)

        monkeypatch.setattr(storage, "read_rendition", denied)
        monkeypatch.setattr(lookalikes, "_MOST_FAILURES", 2)
        tasks.compare_earlier()
        assert [photo.pk for photo in lookalikes.earlier()] == [shut.pk]
        assert Photo.objects.get(pk=other.pk).compared_at

    def test_while_the_bucket_is_away_it_waits(self, alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
        sent(alice, jpeg("rocket.jpg"))
        Photo.objects.update(phash=None, compared_at=None)

        def away(_key: str) -> bytes:
            raise storage.StorageAway("away")

        monkeypatch.setattr(storage, "read_rendition", away)
        tasks.compare_earlier()
        assert lookalikes.earlier().count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_sweep_says_so_while_some_are_left(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    words: list[str] = []
    monkeypatch.setattr(queue, "_send", lambda task, *_: words.append(task))
    photo = make_finished(alice, compared_at=None)
    sweep()
    assert words == ["gallery.tasks.compare_earlier"]
    seen(alice, photo=photo)
    sweep()
    assert len(words) == 1
