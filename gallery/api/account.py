"""/api/v1/account/ and /api/v1/labels/: what the user has."""

from typing import Annotated

from django.db.models import Count, Q, Sum
from django.utils import timezone
from ninja import Query, Router

from gallery.api.auth import UserRequest
from gallery.api.schemas import AccountOut, LabelOut
from gallery.models import Analysis, Photo
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
    photos = Photo.objects.visible_to(user).aggregate(
        live=Count("pk", filter=Q(trashed_at=None)), trashed=Count("pk", filter=Q(trashed_at__isnull=False))
    )
    month = timezone.now().replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    paid = (
        Analysis.objects.visible_to(user)
        .filter(sent_at__gte=month)
        .exclude(state=Analysis.State.REFUSED)
        .aggregate(calls=Count("pk"), cost=Sum("cost_usd"))
    )
    return AccountOut(
        email=user.email,
        quota_bytes=user.quota,
        used_bytes=user.used_bytes,
        photos=photos["live"],
        trashed=photos["trashed"],
        calls_this_month=paid["calls"],
        cost_usd_this_month=float(paid["cost"] or 0),
    )
