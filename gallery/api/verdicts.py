"""/api/v1/photos/{id}/labels/{name}/: what the owner says of a label."""

from typing import Literal
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.schemas import LabelKind, LabelOnPhotoOut, label_out
from gallery.models import Photo
from gallery.organise import verdicts
from gallery.organise.on_photo import labels_on

router = Router(tags=["labels"])


class VerdictIn(Schema):
    model_config = {"extra": "forbid"}

    state: Literal["confirmed", "rejected"]


@router.put(
    "/{uuid:photo_id}/labels/{path:name}/", response={200: LabelOnPhotoOut, 404: Problem, 422: Problem}
)
def judge_label(
    request: UserRequest, photo_id: UUID, name: str, verdict: VerdictIn, kind: LabelKind = "label"
) -> LabelOnPhotoOut:
    """Confirms or rejects a label for good: relabelling does not touch it. A name that was not there is added as
    the user's own. `kind`: celebrities and content warnings are labels of their own kind. 404, too, where the photo
    was deleted or the verdict taken back in the very same moment."""
    photo = _mine(request, photo_id)
    said = verdicts.say(photo.owner_id, [photo.pk], name, verdict.state, kind)
    judged = get_object_or_404(Photo.objects.visible_to(request.user).with_everything(), pk=photo_id)
    found = next((one for one in labels_on(judged, rejected=True) if one.label.pk == said.label_id), None)
    if found is None:
        raise Http404
    return label_out(found, boxes=True)


@router.delete("/{uuid:photo_id}/labels/{path:name}/", response={204: None, 404: Problem, 422: Problem})
def take_back_verdict(
    request: UserRequest, photo_id: UUID, name: str, kind: LabelKind = "label"
) -> HttpResponse:
    """Takes the verdict back, if there is one; what only the user had said is gone with it."""
    photo = _mine(request, photo_id)
    verdicts.say(photo.owner_id, [photo.pk], name, None, kind)
    return HttpResponse(status=204)


def _mine(request: UserRequest, photo_id: UUID) -> Photo:
    photo: Photo = get_object_or_404(Photo.objects.visible_to(request.user), pk=photo_id)
    return photo
