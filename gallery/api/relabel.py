"""/api/v1/photos/{id}/relabel/: asks again for the labels of one photo, and pays again."""

from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.schemas import PhotoOut, photo_out
from gallery.models import Photo
from gallery.pipeline import runs
from gallery.pipeline.steps import LABELS

router = Router(tags=["labels"])


class AskedOut(Schema):
    """The photo, which waits for its labels; and what asking for them costs, in US dollars."""

    photo: PhotoOut
    price_usd: float


@router.post("/{uuid:photo_id}/relabel/", response={202: AskedOut, 404: Problem, 409: Problem})
def relabel_photo(request: UserRequest, photo_id: UUID) -> Status[AskedOut]:
    """Asks again, on purpose, and pays again. Verdicts stay. 409 while it is being labelled, in the trash, too small,
    or while labelling is switched off: then nothing is asked."""
    photo = get_object_or_404(Photo.objects.visible_to(request.user).select_related("owner"), pk=photo_id)
    price = runs.again(photo, LABELS.name)
    asked = Photo.objects.visible_to(request.user).with_everything().get(pk=photo_id)
    return Status(202, AskedOut(photo=photo_out(asked), price_usd=float(price)))
