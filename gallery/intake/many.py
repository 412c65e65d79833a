"""Many direct uploads in one request: each as direct.py does it, with one statement for all where one will do.

One that is refused hinders no other. Where they can't be done together (a photo that came meanwhile, no room for all of
them) each is done by itself.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.intake import direct
from gallery.intake.receive import Stored, complete_together, counted_refusals, known_of, reserve
from gallery.models import Photo, Upload

_UNDER_WAY: Final = Q(state=Upload.State.CHECKING) | Q(state=Upload.State.OPEN, direct=True)
_Answer = TypeVar("_Answer")


def begin(user: User, asked: Sequence[direct.Asked]) -> list[direct.Progress | Stored | Refusal]:
    """For each: where to send it, the photo that has its bytes, or why not."""
    sha256s = {one.sha256 for one in asked}
    there = known_of(user, sha256s)
    under_way = Upload.objects.visible_to(user).filter(_UNDER_WAY, sha256__in=sha256s)
    apart = {*there, *under_way.values_list("sha256", flat=True)}
    opened = _opened(user, {one.sha256: one for one in asked if one.sha256 not in apart and _can_be(one)})

    def begun(one: direct.Asked) -> direct.Progress | Stored:
        upload = opened.pop(one.sha256, None)  # the same again in this request finds it open
        if upload:
            return direct.fresh_progress(upload)
        return direct.begin(user, one)

    return [_or_refusal(begun, one) for one in asked]


def finish(user: User, sent: Mapping[UUID, Mapping[int, str]]) -> Mapping[UUID, Stored | Refusal]:
    """Makes the photos of these uploads, by their ids; with ETags as `direct.finish` takes them. For each: its photo or
    why not.
    """
    own = Upload.objects.visible_to(user).filter(direct=True, archive=False).select_related("owner")
    uploads = own.in_bulk(list(sent))
    photos = Photo.objects.visible_to(user).in_bulk(list(sent))
    found: dict[UUID, Stored | Refusal] = {pk: Stored(photo, duplicate=False) for pk, photo in photos.items()}
    new: dict[UUID, tuple[Photo, bool]] = {}
    for pk in sent.keys() - found.keys():
        seen = _or_refusal(_arrived, uploads.get(pk), sent[pk])
        if isinstance(seen, Refusal):
            found[pk] = seen
        else:
            new[pk] = seen
    if new and complete_together(user, list(new.values())):
        return found | {pk: Stored(photo, duplicate=False) for pk, (photo, _checked) in new.items()}
    return found | {pk: _or_refusal(direct.finish, uploads[pk], sent[pk]) for pk in new}


def _opened(user: User, asked: Mapping[str, direct.Asked]) -> dict[str, Upload]:
    """Their rows, by SHA-256, with space for all of them; none if not all can be had."""
    uploads = {sha256: direct.new(user, one) for sha256, one in asked.items()}
    try:
        with transaction.atomic():
            if uploads:
                reserve(user, list(uploads.values()), direct.LASTS)
    except (Refusal, IntegrityError):
        return {}
    return uploads


def _can_be(asked: direct.Asked) -> bool:
    try:
        direct.check(asked)
    except Refusal:
        return False
    return True


def _arrived(upload: Upload | None, etags: Mapping[int, str]) -> tuple[Photo, bool]:
    with counted_refusals():
        if upload is None:
            raise Refusal("not_found", _("There is nothing here, or it is not yours."), 404)
        return direct.arrived(upload, etags)


def _or_refusal(does: Callable[..., _Answer], *arguments: object) -> _Answer | Refusal:
    try:
        return does(*arguments)
    except Refusal as refusal:
        return refusal
