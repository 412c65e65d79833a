"""What an owner decides of photos that look alike: which are kept, and that those are not the same."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import combinations
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.models import AlbumEntry, Apart, Change, Photo, Verdict
from gallery.models.photo import PhotoQuerySet
from gallery.organise import bulk, captions, verdicts
from gallery.organise.record import Before, Done, carry_out

APART: Final = "tell_apart"


def decide(owner_id: UUID, shown: Sequence[UUID], kept: Sequence[UUID], *, inherits: bool) -> Done:
    """Of the photos of a group that were shown, puts those into the trash that are not kept. If several are, they are
    never shown together again. One change, which takes all of it back.

    `inherits`: the first one kept gets the albums, the heart, the caption and the confirmed labels of those that go.
    Raises Refusal where none is kept (422), and where these are no such group any more (409); then nothing is changed.
    """
    if not kept:
        raise Refusal("none_kept", _("Tick at least one photo to keep; the others go into the trash."), 422)
    with transaction.atomic():
        group = {photo.pk: photo for photo in _locked(owner_id, shown).live()}
        if len(group) != len(shown) or len(group) < 2 or not _is_one(group.values()):
            sentence = _("These photos have changed meanwhile, so nothing was done. Look at them again.")
            raise Refusal("group_changed", sentence, 409)
        going = [photo for pk, photo in group.items() if pk not in kept]
        main, *more = _decided(group[kept[0]], kept, going, inherits=inherits)
        parts = [done.change.pk for done in more]
        Change.objects.filter(pk__in=parts).update(part_of=main.change.pk)
    return main


def _locked(owner_id: UUID, photo_ids: Sequence[UUID]) -> PhotoQuerySet:
    found: PhotoQuerySet = Photo.objects.filter(owner_id=owner_id, pk__in=photo_ids).locked()
    return found


def _is_one(photos: Iterable[Photo]) -> bool:
    groups = {photo.alike for photo in photos}
    return len(groups) == 1 and None not in groups


def _decided(first: Photo, kept: Sequence[UUID], going: Sequence[Photo], *, inherits: bool) -> Iterator[Done]:
    """What is undone under the name of the first of these."""
    if going:
        yield bulk.act(first.owner_id, "trash", [photo.pk for photo in going])
    if len(kept) > 1:
        yield carry_out(first.owner_id, APART, kept, partial(_tell_apart, first.owner_id))
    if inherits:
        yield from filter(None, map(_if_it_can_be, _inherited(first, going)))


def _if_it_can_be(does: Callable[[], Done]) -> Done | None:
    """What can't be inherited, as an album that is gone by now, hinders nothing."""
    with suppress(Refusal), transaction.atomic():
        return does()
    return None


def _inherited(heir: Photo, going: Sequence[Photo]) -> Iterator[Callable[[], Done]]:
    """What its owner had done to those that go, and not to their heir. What only a file says is no word of theirs."""
    to, one = heir.owner_id, [heir.pk]
    if not heir.favourite_at and any(photo.favourite_at for photo in going):
        yield partial(bulk.act, to, "favourite", one)
    captions_said = [photo.caption for photo in going if photo.caption and photo.caption_by_owner]
    if captions_said and not heir.caption and not heir.caption_by_owner:
        yield partial(captions.say, to, one, captions_said[0])
    albums = AlbumEntry.objects.filter(photo__in=going).exclude(album__entries__photo=heir)
    for album in list(albums.order_by("album").values_list("album", flat=True).distinct()):
        yield partial(bulk.act, to, "add_to_album", one, album=album)
    said = Verdict.objects.filter(photo=heir).values("label")
    labels = Verdict.objects.filter(photo__in=going, state=Verdict.State.CONFIRMED).exclude(label__in=said)
    for name, kind in list(labels.order_by("label").values_list("label__name", "label__kind").distinct()):
        yield partial(verdicts.judge, to, one, name, Verdict.State.CONFIRMED, kind)


def _tell_apart(owner_id: UUID, photo_ids: Sequence[UUID], now: datetime) -> Before:
    """Only the first of them stays in the group."""
    groups = dict(_locked(owner_id, photo_ids).values_list("pk", "alike"))
    pairs = combinations(sorted(photo_ids), 2)
    Apart.objects.bulk_create(
        [Apart(photo_id=one, other_id=other, said_at=now) for one, other in pairs],
        ignore_conflicts=True,
    )
    Photo.objects.filter(pk__in=photo_ids[1:]).update(alike=None)
    return {str(pk): str(groups[pk]) for pk in photo_ids}


def put_together(change: Change) -> int:
    """Those that this change told apart, as far as they are in no other group by now."""
    groups = {UUID(pk): UUID(group) for pk, group in change.before.items()}
    here = [pk for pk, _group in _locked(change.owner_id, list(groups)).values_list("pk", "alike")]
    Apart.objects.filter(photo__in=groups, other__in=groups, said_at=change.made_at).delete()
    for group in set(groups.values()):
        alone = [pk for pk in here if groups[pk] == group]
        Photo.objects.filter(pk__in=alone, alike=None).update(alike=group)
    return len(here)
