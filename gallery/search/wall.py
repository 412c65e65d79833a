"""An owner's labels as a wall of pictures: each with how many photos show it and the newest of them. From counters.

A fixed number of statements, however many labels and photos: for each label of a page one step into the index that
searches use.
"""

import dataclasses
import json
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, TextField, UUIDField, When
from django.db.models.functions import Cast

from accounts.models import User
from gallery.folding import fold
from gallery.models import Detection, Label, OwnerLabel
from gallery.search.cursors import damaged

_MOST_CATEGORIES: Final = 40
_KINDS: Final = (Label.Kind.LABEL, Label.Kind.CELEBRITY)


@dataclasses.dataclass(frozen=True)
class Choice:
    """`words`: what the name has in it. `faint`: less certain labels, too. `by_name`: not by count."""

    words: str = ""
    category: str = ""
    faint: bool = False
    by_name: bool = False


@dataclasses.dataclass(frozen=True)
class Hung:
    """A label on the wall. `photos`: how many show it; `shown`: surely enough; `cover`: the newest, not veiled."""

    name: str
    photos: int
    shown: int
    cover: UUID | None


def wall(user: User, choice: Choice, after: str, limit: int) -> tuple[list[Hung], str]:
    """Some labels, and the cursor to those after them ("" where there are none). Raises Refusal for a bad one."""
    count = "photos" if choice.faint else "shown"
    rows = _chosen(user, choice, count).annotate(cover=_cover(user)).select_related("label")
    order = ("folded", "label_id") if choice.by_name else (f"-{count}", "folded", "label_id")
    if after:
        rows = rows.filter(_beyond(after, count, by_name=choice.by_name))
    found = list(rows.order_by(*order)[: limit + 1])
    hung = [Hung(row.label.name, row.photos, row.shown, row.cover) for row in found[:limit]]
    more = len(found) > limit
    return hung, _place(found[limit - 1], count) if more else ""


def categories(user: User) -> list[str]:
    """Those of this user's photos, most frequent first."""
    counts = OwnerLabel.objects.visible_to(user).filter(kind=Label.Kind.CATEGORY, photos__gt=0)
    return list(counts.order_by("-shown", "folded").values_list("label__name", flat=True)[:_MOST_CATEGORIES])


def _chosen(user: User, choice: Choice, count: str) -> "QuerySet[Any]":
    rows = OwnerLabel.objects.visible_to(user).filter(kind__in=_KINDS, **{f"{count}__gt": 0})
    if choice.words:
        rows = rows.filter(folded__contains=fold(choice.words))
    if choice.category:
        rows = rows.annotate(of=Cast("label__categories", TextField())).filter(_names(choice.category))
    return rows


def _names(category: str) -> Q:
    """One of a JSON list, which one database keeps with its accents and the other in ASCII; in whatever case."""
    plain, ascii_only = json.dumps(category, ensure_ascii=False), json.dumps(category)
    return Q(of__icontains=plain) | Q(of__icontains=ascii_only)


def _cover(user: User) -> Case:
    """The newest photo that surely shows it; where none does, the newest that shows it at all."""
    return Case(When(shown__gt=0, then=_newest(user, settings.SHOWN_CONFIDENCE)), default=_newest(user, 0))


def _newest(user: User, least: float) -> Subquery:
    carrying = Detection.objects.filter(
        owner=user, label=OuterRef("label"), trashed=False, certainty__gte=least, photo__veiled=False
    )
    newest = carrying.order_by("-taken_local", "-photo_id").values("photo_id")[:1]
    return Subquery(newest, output_field=UUIDField())  # a foreign key's would not be read back as one


def _place(row: OwnerLabel, count: str) -> str:
    return f"{getattr(row, count)}.{row.label_id}.{row.folded}"


def _beyond(cursor: str, count: str, *, by_name: bool) -> Q:
    number, _, rest = cursor.partition(".")
    pk, _, folded = rest.partition(".")
    if not (number.isdecimal() and pk.isdecimal() and len(number) < 10 and len(pk) < 18) or "\x00" in folded:
        raise damaged()
    later = Q(folded__gt=folded) | Q(folded=folded, label_id__gt=int(pk))
    return later if by_name else Q(**{f"{count}__lt": int(number)}) | (Q(**{count: int(number)}) & later)
