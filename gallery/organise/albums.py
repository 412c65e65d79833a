"""An owner's albums: make, edit, fill, order, empty, list. A photo may be in many; deleting one keeps its photos."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, UUIDField
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.folding import fold
from gallery.models import Album, AlbumEntry, Photo, Rendition
from gallery.models.owned import OwnedQuerySet
from gallery.organise.names import clean_name

_AT_ONCE: Final = 500


def make(owner: User, title: str, description: str = "") -> Album:
    """A new, empty album. Raises Refusal if the title can't be one."""
    clean = clean_name(title)
    album: Album = Album.objects.create(
        owner=owner, title=clean, folded=fold(clean), description=_clean_text(description)
    )
    return album


def ensure(owner: User, title: str) -> Album:
    """The oldest of theirs with this title, or a new one. Raises Refusal if the title can't be one."""
    clean = clean_name(title)
    called_so = Album.objects.visible_to(owner).filter(folded=fold(clean), title=clean)
    found: Album | None = called_so.order_by("created_at", "pk").first()
    return found or make(owner, clean)


def edit(
    album: Album, *, title: str | None = None, description: str | None = None, order: str | None = None
) -> None:
    """Changes what is given. `order`: one of Album.Order. Raises Refusal if the title can't be one."""
    changed = []
    if title is not None:
        album.title = clean_name(title)
        album.folded = fold(album.title)
        changed += ["title", "folded"]
    if description is not None:
        album.description = _clean_text(description)
        changed += ["description"]
    if order is not None:
        album.order = order
        changed += ["order"]
    if changed:
        album.save(update_fields=changed)


def set_cover(album: Album, photo_id: UUID | None) -> None:
    """The picture that stands for the album; None: its newest. Raises Refusal (404) for a photo that is not in it."""
    with transaction.atomic():
        if photo_id and not AlbumEntry.objects.filter(album=album, photo=photo_id).exists():
            raise gone()
        Album.objects.filter(pk=album.pk).update(cover=photo_id)


def delete(album: Album) -> None:
    with transaction.atomic():
        if _locked(album.pk):
            album.delete()


def listed(user: User) -> "OwnedQuerySet[Album]":
    """This user's albums with `photos`, how many outside the trash, and `shown`: the id of the one on its cover.

    That is the one that was chosen as long as it is in it and not in the trash, or else the newest.
    """
    live = AlbumEntry.objects.filter(album=OuterRef("pk"), photo__trashed_at=None)
    chosen = live.filter(photo=OuterRef("cover"))
    newest = live.order_by("-photo__taken_local", "-photo")
    albums: OwnedQuerySet[Album] = Album.objects.visible_to(user).annotate(
        photos=Count("entries", filter=Q(entries__photo__trashed_at=None)),
        shown=Coalesce(
            *(Subquery(one.values("photo_id")[:1]) for one in (chosen, newest)), output_field=UUIDField()
        ),
    )
    return albums


def listed_after(user: User, album_id: str) -> "OwnedQuerySet[Album]":
    """The same, newest first; those after this one, or all if it is none of theirs."""
    found = listed(user).order_by("-created_at", "-pk")
    try:
        last = Album.objects.visible_to(user).filter(pk=UUID(album_id)).first()
    except ValueError:
        return found
    if last is None:
        return found
    return found.filter(Q(created_at__lt=last.created_at) | Q(created_at=last.created_at, pk__lt=last.pk))


def holding(photo: Photo) -> list[Album]:
    """Those that a photo is in, by name."""
    return list(Album.objects.filter(entries__photo=photo).order_by("folded", "pk"))


def covers(albums: Iterable[Album]) -> Mapping[UUID, Rendition]:
    """The thumb of each of these `listed` albums that has one. One query."""
    photos = {album.pk: album.shown for album in albums}  # type: ignore[attr-defined]  # annotated by listed
    thumbs = Rendition.objects.filter(photo__in=set(photos.values()) - {None}, spec="thumb")
    by_photo = {thumb.photo_id: thumb for thumb in thumbs.select_related("photo")}
    return {pk: by_photo[photo] for pk, photo in photos.items() if photo in by_photo}


def exists(owner_id: UUID, album_id: UUID) -> bool:
    return Album.objects.filter(owner_id=owner_id, pk=album_id).exists()


def holds(owner_id: UUID, album_id: UUID, photo_id: UUID | None) -> bool:
    """Whether a photo is in the owner's album; without one, whether the album is there."""
    there = AlbumEntry.objects.filter(album=album_id, album__owner=owner_id, photo=photo_id)
    return exists(owner_id, album_id) if photo_id is None else there.exists()


def check(owner_id: UUID, album_id: UUID) -> None:
    """Raises Refusal (404) if the owner has no such album; somebody else's is as if it had never been."""
    if not exists(owner_id, album_id):
        raise gone()


def add(
    owner_id: UUID,
    album_id: UUID,
    photo_ids: Sequence[UUID],
    at: datetime | None = None,
    where: Mapping[UUID, int] | None = None,
) -> list[UUID]:
    """Puts the owner's photos among these at the end of their album, in the order in which they were taken. The ids of
    those that were not in it.

    `where`: positions for some of them, in the order by hand. Raises Refusal (404) if the album is not the owner's or
    not there.
    """
    with transaction.atomic():
        mine = Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked()
        taken = dict(mine.values_list("pk", "taken_local"))
        album = _locked(album_id)
        if album is None or album.owner_id != owner_id:
            raise gone()
        there = set(AlbumEntry.objects.filter(album=album, photo__in=taken).values_list("photo", flat=True))
        new = sorted(taken.keys() - there, key=lambda pk: (taken[pk], pk))
        added_at, end = at or timezone.now(), _end(album)
        places = {pk: position for position, pk in enumerate(new, end)} | dict(where or {})
        AlbumEntry.objects.bulk_create(
            AlbumEntry(album=album, photo_id=pk, added_at=added_at, position=places[pk]) for pk in new
        )
    return new


def move(
    owner_id: UUID, album_id: UUID, photo_ids: Sequence[UUID], before: UUID | None
) -> dict[UUID, UUID | None]:
    """Puts photos of the album, in the order that they have, before another one of it; None: at its end.

    Each that was moved, in their order, with the one that it stood before until now, leaving out those that are moved.
    Raises Refusal (404) if the album is not the owner's, or the other one is not in it.
    """
    with transaction.atomic():
        album = _locked(album_id)
        if album is None or album.owner_id != owner_id:
            raise gone()
        entries = AlbumEntry.objects.filter(album=album).order_by("position", "photo")
        others = entries.exclude(photo__in=photo_ids)
        behind = Q(position__gt=OuterRef("position")) | Q(
            position=OuterRef("position"), photo__gt=OuterRef("photo")
        )
        following = Subquery(others.filter(behind).values("photo")[:1])
        moved = list(entries.filter(photo__in=photo_ids).annotate(stood_before=following))
        position = _end(album)
        if before is not None:
            here = entries.filter(photo=before).first()
            if here is None:
                raise gone()
            follows = others.filter(position__gte=here.position).first()
            position = follows.position if follows else position
        others.filter(position__gte=position).order_by().update(position=F("position") + len(moved))
        for place, entry in enumerate(moved, position):
            entry.position = place
        AlbumEntry.objects.bulk_update(moved, ["position"], batch_size=_AT_ONCE)
    return {entry.photo_id: entry.stood_before for entry in moved}


def first(album: Album) -> UUID | None:
    """The photo that is shown first in the order by hand."""
    in_order = AlbumEntry.objects.filter(album=album).order_by("position", "photo")
    found: UUID | None = in_order.values_list("photo", flat=True).first()
    return found


def _end(album: Album) -> int:
    """The first position that nothing has, nor anything after it."""
    last: int | None = AlbumEntry.objects.filter(album=album).aggregate(last=Max("position"))["last"]
    return 1 if last is None else last + 1


def remove(
    owner_id: UUID, album_id: UUID, photo_ids: Sequence[UUID], *, added_at: datetime | None = None
) -> dict[UUID, int]:
    """Takes photos out of the owner's album. Those that were in it, with their positions in the order by hand.

    `added_at`: only those that came into it at this very time.
    """
    with transaction.atomic():
        mine = Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked()
        entries = AlbumEntry.objects.filter(album=album_id, album__owner=owner_id)
        entries = entries.filter(photo__in=list(mine.values_list("pk", flat=True)))
        if added_at:
            entries = entries.filter(added_at=added_at)
        found = dict(entries.values_list("photo", "position"))
        AlbumEntry.objects.filter(album=album_id, photo__in=found).delete()
    return found


def gone() -> Refusal:
    """The same for what is somebody else's and what never was."""
    return Refusal("not_found", _("There is nothing here, or it is not yours."), 404)


def _locked(album_id: UUID) -> Album | None:
    """Held until the transaction ends, so that nobody fills it while it is deleted. After the photos, never before."""
    album: Album | None = Album.objects.select_for_update().filter(pk=album_id).first()
    return album


def _clean_text(text: str) -> str:
    return text.replace("\x00", "").strip()
