"""What the client asks before it sends anything: who it is, what it may, what is taken. Fields as Immich has them."""

from datetime import datetime
from typing import Final
from uuid import UUID

from ninja import Router, Schema

from gallery.api.immich.key import KeyRequest, permissions
from gallery.imaging.formats import FORMATS

router = Router()
_VERSION: Final = (3, 2, 2)  # of the client that this was tried with


class UserOut(Schema):
    id: UUID
    name: str
    email: str
    isAdmin: bool
    quotaSizeInBytes: int
    quotaUsageInBytes: int


class KeyOut(Schema):
    id: UUID
    name: str
    permissions: list[str]
    createdAt: datetime
    updatedAt: datetime


class MediaTypesOut(Schema):
    """Which files of a folder the client looks at, by their extensions."""

    image: list[str]
    video: list[str]
    sidecar: list[str]


class VersionOut(Schema):
    major: int
    minor: int
    patch: int
    prerelease: int | None


@router.get("/users/me", response=UserOut)
def read_user(request: KeyRequest) -> UserOut:
    user = request.user
    return UserOut(
        id=user.pk,
        name=user.email,
        email=user.email,
        isAdmin=False,
        quotaSizeInBytes=user.quota,
        quotaUsageInBytes=user.used_bytes,
    )


@router.get("/api-keys/me", response=KeyOut)
def read_key(request: KeyRequest) -> KeyOut:
    token = request.auth
    return KeyOut(
        id=token.pk,
        name=token.name,
        permissions=permissions(token),
        createdAt=token.created_at,
        updatedAt=token.created_at,
    )


@router.get("/server/media-types", response=MediaTypesOut)
def media_types(request: KeyRequest) -> MediaTypesOut:
    extensions = [extension for known in FORMATS for extension in (known.extension, *known.others)]
    return MediaTypesOut(image=[f".{extension}" for extension in extensions], video=[], sidecar=[".xmp"])


@router.get("/server/version", response=VersionOut)
def version(request: KeyRequest) -> VersionOut:
    major, minor, patch = _VERSION
    return VersionOut(major=major, minor=minor, patch=patch, prerelease=None)
