"""What was spent is the sum of the calls: `verify` finds where it is not, and mends it."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from accounts.models import User
from gallery.models import Analysis, Photo, Spending
from gallery.organise import photos as organise
from gallery.pipeline import bill, budget
from gallery.tests.making import make_photo

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def photo(alice: User, bob: User) -> Photo:
    """Two calls for Alice, one of them dearer, one refused; one for Bob."""
    photo = make_photo(alice)
    User.objects.filter(pk=alice.pk).update(used_bytes=photo.byte_size)
    budget.charge(photo, "DetectLabels", ["IMAGE_PROPERTIES"])
    budget.charge(photo, "DetectFaces")
    budget.refund(budget.charge(photo, "DetectLabels"), "ThrottlingException")
    budget.charge(make_photo(bob), "DetectLabels")
    return photo


def spent(scope: str) -> tuple[int, int]:
    return Spending.objects.filter(scope=scope).values_list("calls", "micro_usd").get()


def test_what_is_right_is_no_error(photo: Photo, alice: User) -> None:
    assert list(bill.errors()) == []
    assert spent(alice.pk.hex) == (2, 2750)
    assert spent("") == (3, 3750)


def test_a_deleted_user_has_still_cost_what_they_cost(photo: Photo, alice: User) -> None:
    organise.delete_forever(photo)
    alice.delete()
    assert list(bill.errors()) == []
    assert spent("") == (3, 3750)


@pytest.mark.parametrize(("plant", "errors"), [
    (lambda: Spending.objects.filter(scope="").update(calls=7), 1),
    (lambda: Spending.objects.exclude(scope="").update(micro_usd=1), 3),
    (lambda: Spending.objects.filter(scope="").delete(), 1),
    (lambda: Spending.objects.create(scope="", month="2001-01", calls=1), 1),
    (lambda: Analysis.objects.filter(operation="DetectFaces").update(cost_usd=0), 1),
])  # fmt: skip
def test_what_is_wrong_is_found_and_mended(photo: Photo, plant: Callable[[], object], errors: int) -> None:
    plant()
    found = list(bill.errors())
    assert len(found) == errors
    assert all("is summed up as" in sentence for sentence, _ in found)
    for _ in range(2):  # the site's sum is that of the users, who are mended first
        for _sentence, repair in list(bill.errors()):
            repair()
    assert list(bill.errors()) == []


def test_a_photo_deleted_for_good_leaves_its_bill_and_not_what_was_seen(photo: Photo) -> None:
    Analysis.objects.update(answer={"Labels": []}, state="answered", answered_at=timezone.now())
    organise.delete_forever(photo)
    assert Analysis.objects.filter(owner=photo.owner, photo=None, answer__isnull=True).count() == 3
