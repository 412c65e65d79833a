"""/api/v1/account/ and /api/v1/labels/: what the user has."""

from typing import Annotated

from ninja import Query, Router

from gallery.api.auth import UserRequest
from gallery.api.schemas import AccountOut, LabelOut
from gallery.labelling.prices import usd
from gallery.models import Photo
from gallery.pipeline import budget
from gallery.search import photos as search

router = Router(tags=["account"])


@router.get("/labels/", response=list[LabelOut])
def list_labels(
    request: UserRequest,
    q: Annotated[str, Query(max_length=100)] = "",
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> list[LabelOut]:
    """The labels on this user's photos outside the trash, most frequent first; `q`: what their names begin with."""
    return [LabelOut(**label) for label in search.labels(request.user, q, limit)]


@router.get("/account/", response=AccountOut)
def read_account(request: UserRequest) -> AccountOut:
    user = request.user
    spent = budget.spent_by(user)
    return AccountOut(
        email=user.email,
        quota_bytes=user.quota,
        used_bytes=user.used_bytes,
        photos=search.kept(user),
        trashed=Photo.objects.visible_to(user).trashed().count(),
        calls_this_month=spent.calls,
        cost_usd_this_month=float(usd(spent.micro_usd)),
    )
