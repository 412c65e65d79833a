"""/api/v1/shares/: links to one album or one photo, for people who don't sign in."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from ninja import Router, Schema, Status
from pydantic import AwareDatetime, Field

from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.models import Share
from gallery.organise import shares

router = Router(tags=["shares"])
_MOST = 500


class ShareOut(Schema):
    """`album` or `photo`: the id of what is shared. `has_password`: whether visitors are asked for one."""

    id: UUID
    album: UUID | None
    photo: UUID | None
    expires_at: datetime | None
    has_password: bool
    allow_download: bool
    show_labels: bool
    visits: int
    created_at: datetime


class ShareMade(ShareOut):
    """`url`: the link. It is told this once: only its hash is kept."""

    url: str


class ShareList(Schema):
    """Newest first, at most 500."""

    results: list[ShareOut]


class ShareIn(Schema):
    """One of `album` and `photo`. `expires_at` null: until it is ended."""

    model_config = {"extra": "forbid"}

    album: UUID | None = None
    photo: UUID | None = None
    expires_at: AwareDatetime | None = None
    password: Annotated[str, Field(max_length=100)] = ""
    allow_download: bool = True
    show_labels: bool = False


@router.get("/", response={200: ShareList})
def list_shares(request: UserRequest) -> ShareList:
    found = Share.objects.visible_to(request.user).order_by("-created_at", "-id")[:_MOST]
    return ShareList(results=[ShareOut(**_told(share)) for share in found])


@router.post("/", response={201: ShareMade, 404: Problem, 422: Problem})
def make_share(request: UserRequest, share: ShareIn) -> Status[ShareMade]:
    made, token = shares.make(request.user, **share.model_dump())
    url = settings.PUBLIC_URL + reverse("shared", args=[token])
    return Status(201, ShareMade(**_told(made), url=url))


@router.delete("/{uuid:share_id}/", response={204: None, 404: Problem})
def end_share(request: UserRequest, share_id: UUID) -> HttpResponse:
    """The link leads nowhere from then on."""
    get_object_or_404(Share.objects.visible_to(request.user), pk=share_id).delete()
    return HttpResponse(status=204)


def _told(share: Share) -> dict[str, Any]:
    return {
        "id": share.pk,
        "album": share.album_id,
        "photo": share.photo_id,
        "expires_at": share.expires_at,
        "has_password": bool(share.password),
        "allow_download": share.allow_download,
        "show_labels": share.show_labels,
        "visits": share.visits,
        "created_at": share.created_at,
    }
