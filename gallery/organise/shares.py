"""Sharing by link: make one, find what it leads to, end it. The link holds 192 random bits and is told once."""

import hashlib
import secrets
from datetime import datetime
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F, Q
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.models import Album, Photo, Rendition, Share
from gallery.models.photo import PhotoQuerySet
from gallery.models.share import ShareQuerySet
from gallery.organise.archive import Original

_BYTES = 24


def make(
    owner: User,
    *,
    album: UUID | None = None,
    photo: UUID | None = None,
    expires_at: datetime | None = None,
    password: str = "",
    allow_download: bool = True,
    show_labels: bool = False,
) -> tuple[Share, str]:
    """A share of one of the owner's albums, or photos that are not in the trash, and its token.

    Raises Refusal (422) for both, none, or an end that is past; Http404 for what is not the owner's.
    """
    if (album is None) == (photo is None):
        raise Refusal("share_of_one_thing", _("Share one album or one photo."), 422)
    if expires_at and expires_at <= timezone.now():
        raise Refusal("expires_in_the_past", _("The link would end in the past. Choose a later time."), 422)
    if album:
        get_object_or_404(Album.objects.visible_to(owner), pk=album)
    else:
        get_object_or_404(Photo.objects.visible_to(owner).live(), pk=photo)
    token = secrets.token_urlsafe(_BYTES)
    share: Share = Share.objects.create(
        owner=owner,
        album_id=album,
        photo_id=photo,
        token_hash=_hash(token),
        expires_at=expires_at,
        password=make_password(password) if password else "",
        allow_download=allow_download,
        show_labels=show_labels,
    )
    return share, token


def led_to(token: str) -> Share | None:
    """What this link leads to now; None where it never led to anything, or no longer does."""
    shares = Share.objects.open(timezone.now()).select_related("owner", "album")
    share: Share | None = shares.filter(
        Q(photo=None) | Q(photo__trashed_at=None), token_hash=_hash(token)
    ).first()
    return share


def listed_after(user: User, share_id: str) -> ShareQuerySet:
    """This user's shares with what they show, newest first; those after this one, or all if it is none of theirs."""
    theirs: ShareQuerySet = Share.objects.visible_to(user)
    found = theirs.select_related("album", "photo").order_by("-created_at", "-pk")
    try:
        last = theirs.filter(pk=UUID(share_id)).first()
    except ValueError:
        return found
    if last is None:
        return found
    return found.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))


def photos(share: Share) -> PhotoQuerySet:
    """What a visitor may see: nothing that lies in the trash."""
    live: PhotoQuerySet = Photo.objects.filter(owner=share.owner_id).live()
    return live.filter(entries__album=share.album_id) if share.album_id else live.filter(shares=share.pk)


def pictures(share: Share) -> list[Original]:
    """What a visitor may keep of each photo: the largest picture that was made, which tells nothing but itself."""
    made = Rendition.objects.filter(photo__in=photos(share), spec="full")
    rows = made.order_by("photo__taken_local", "photo").values_list("key", "photo__taken_local")
    return [Original(key, called(taken), taken) for key, taken in rows]


def called(taken: datetime) -> str:
    """A picture's file, for a visitor: not what its owner's camera or hand named it."""
    return f"photo-{taken:%Y-%m-%d}.jpg"


def is_right(share: Share, password: str) -> bool:
    return not share.password or check_password(password, share.password)


def proof(share: Share) -> str:
    """What a visitor keeps who knew the password: worth nothing any more when it is another one."""
    return salted_hmac("photosite.share", f"{share.pk}{share.password}", algorithm="sha256").hexdigest()


def visited(share: Share) -> None:
    Share.objects.filter(pk=share.pk).update(visits=F("visits") + 1, visited_at=timezone.now())


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()
