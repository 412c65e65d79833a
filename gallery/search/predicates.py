"""Conditions as what the database is asked of one row at a time."""

import dataclasses
from typing import Any, Final

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan, IsNull

from gallery.folding import fold
from gallery.models import AlbumEntry, Detection, Face, Job, Photo, PhotoText, Verdict
from gallery.search.conditions import Between, Carries, Constant, Reads, Within
from gallery.search.tree import And, Bound, Camera, Has, Is, Node, Not, Or, Size, Term


class _Standing(Term):
    """Any label at all."""


_STANDING: Final = _Standing()
PORTRAIT: Final = 0.2  # from which part of the picture's height a face makes it a portrait
# Faces lie on the original as it came: once that is turned on its side, their width is the height that is seen.
_TALL: Final = Q(photo__quarter_turns__in=(0, 2), height__gte=PORTRAIT) | Q(
    photo__quarter_turns__in=(1, 3), width__gte=PORTRAIT
)
_LOOKUPS: Final = {">": "gt", ">=": "gte", "<": "lt", "<=": "lte"}


@dataclasses.dataclass(frozen=True)
class Rows:
    """Of which rows it is asked: they have `taken_local`, and the photo's id under the name of `key`.

    All but the time is asked by a probe, a look at one place of one index; of rows that are photos, what a photo
    says itself by a CASE. Joins, or conditions on what the database has statistics of, would have PostgreSQL read
    and sort a whole table for a page of eighty.
    """

    owner_id: Any
    trashed: bool
    key: str = "id"

    def where(self, node: Node) -> Q:
        match node:
            case And():
                return Q(*(self.where(item) for item in node.items))
            case Or():
                return Q(*(self.where(item) for item in node.items), _connector=Q.OR)
            case Not():
                return ~self.where(node.item)
            case Between():
                return between(node)
            case Constant():
                return Q() if node.holds else Q(pk__in=[])
            case Is("unlabelled"):
                return ~self.where(_STANDING)
        own = _of_photo(node)
        if own is not None and self.key == "id":
            return Q(IsNull(Case(When(own, then=Value(1))), False))
        rows = Photo.objects.filter(own, pk=OuterRef(self.key)) if own is not None else self._rows(node)
        return Q(IsNull(Subquery(rows.order_by().values_list(Value(1))[:1]), False))

    def _rows(self, node: Node) -> QuerySet[Any]:
        """What a photo that meets this has a row of, in another table."""
        match node:
            case Carries():
                return self._detections(node)
            case Within():
                return AlbumEntry.objects.filter(photo=OuterRef(self.key), album__in=node.ids)
            case Reads():
                return PhotoText.objects.filter(reads(node), photo=OuterRef(self.key))
            case Is("confirmed"):
                return Verdict.objects.filter(photo=OuterRef(self.key), state=Verdict.State.CONFIRMED)
            case Is("failed"):
                return Job.objects.filter(photo=OuterRef(self.key), state=Job.State.FAILED)
            case Is("portrait"):
                return Face.objects.filter(_TALL, photo=OuterRef(self.key))
            case Has("people"):
                return Face.objects.filter(photo=OuterRef(self.key))
            case _Standing():
                return Detection.objects.filter(photo=OuterRef(self.key), certainty__gte=0)
        raise TypeError(node)

    def _detections(self, carried: Carries) -> QuerySet[Any]:
        rows = Detection.objects.filter(certain(carried.bound), label_id__in=carried.ids)
        if self.trashed:
            return rows.filter(photo=OuterRef(self.key))
        # The index of searches answers by itself, beside where it answered for the photo before. The key is put as
        # a range: as an equality it would have the index of keys looked into, which lies all over the disk.
        photo = OuterRef(self.key)
        same = {"taken_local": OuterRef("taken_local"), "photo_id__gte": photo, "photo_id__lte": photo}
        return rows.filter(owner_id=self.owner_id, trashed=False, **same)


def _of_photo(node: Node) -> Q | None:
    """What a photo's own row says."""
    match node:
        case Camera():
            return Q(camera_folded__contains=fold(node.words))
        case Size():
            return Q(**{f"byte_size__{_LOOKUPS[node.operator]}": node.byte_size})
        case Is("favourite"):
            return Q(favourite_at__isnull=False)
        case Is("archived"):
            return Q(archived_at__isnull=False)
        case Is("trashed"):
            return Q(trashed_at__isnull=False)
        case Has("location"):
            return Q(latitude__isnull=False)
        case Has("caption"):
            return ~Q(caption="")
    return None


def between(taken: Between) -> Q:
    where = Q()
    if taken.begins:
        where &= Q(taken_local__gte=taken.begins)
    if taken.ends:
        where &= Q(taken_local__lt=taken.ends)
    return where


def certain(bound: Bound) -> Q:
    """What was rejected has a certainty of -1, and never counts."""
    least = Q() if bound.operator in (">", ">=") else Q(certainty__gte=0)
    return least & Q(**{f"certainty__{_LOOKUPS[bound.operator]}": bound.value})


def reads(wanted: Reads) -> Q:
    """Of PhotoText. LIKE would say the same, but PostgreSQL has an opinion of how rare that is, and sorts."""
    found = (StrIndex("folded", Value(word)) for word in wanted.words)
    return Q(*(Q(GreaterThan(place, 0)) for place in found), _connector=Q.OR)
