"""What the command palette finds by name while somebody types: months, albums, kept searches and labels."""

import dataclasses
from collections.abc import Iterator
from datetime import datetime
from typing import Final, Literal

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import User
from gallery.folding import fold
from gallery.search import by_name
from gallery.search.complete import complete
from gallery.search.tree import QUOTES
from gallery.views.access import MemberRequest, members_only
from gallery.views.queries import page_of

MOST_OF_A_KIND: Final = 5
_LONGEST: Final = 100
Kind = Literal["month", "album", "search", "label"]


@dataclasses.dataclass(frozen=True)
class Found:
    """`count`: photos, where it is known."""

    kind: Kind
    words: str
    address: str
    count: int | None = None


@require_safe
@members_only
def palette(request: MemberRequest) -> HttpResponse:
    """Options of a list, for what `q` begins."""
    words = request.GET.get("q", "")[:_LONGEST]
    found = list(_found(request.user, words)) if fold(words) else []
    return render(request, "gallery/palette.html", {"found": found})


def _found(user: User, words: str) -> Iterator[Found]:
    for month, said, count in by_name.months_called(user, words, _called, MOST_OF_A_KIND):
        yield Found("month", said, f"{reverse('home')}?{urlencode({'month': month})}", count)
    for album in by_name.albums(user, words, MOST_OF_A_KIND):
        yield Found("album", album.title, reverse("album", args=[album.pk]))
    for kept in by_name.searches(user, words, MOST_OF_A_KIND):
        yield Found("search", kept.name, page_of(kept.query))
    begun = fold(words.translate(dict.fromkeys(map(ord, QUOTES))))
    for label in complete(user, f'label:"{begun}', MOST_OF_A_KIND) if begun else ():
        yield Found("label", label.words, page_of(label.query), label.count)


def _called(month: datetime) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")
