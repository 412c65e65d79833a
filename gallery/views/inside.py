"""Of which list a photo is looked at as one: what comes before and after it there, and the way back."""

import dataclasses
from collections.abc import Mapping
from typing import Final, Self
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from gallery.models import Album
from gallery.search import grammar
from gallery.search.tree import Query
from gallery.search.wanted import Wanted
from gallery.views.queries import page_of, wanted_on_page

_NAMED: Final = {
    "favourites": Wanted(favourite=True),
    "archive": Wanted(archived=True),
    "trash": Wanted(trash=True),
}


def kept(address: str) -> list[tuple[str, str]]:
    """What a form that asks for a photo's page anew has to send, so that it stays one of its list."""
    return [(name, value) for name, value in parse_qsl(urlsplit(address).query) if name != "from"]


@dataclasses.dataclass(frozen=True)
class Inside:
    """`query`: what is added to a photo's address, "" for the timeline; `url`: of the list's page."""

    wanted: Wanted
    query: str
    url: str

    def address_of(self, photo_id: UUID) -> str:
        """Of a photo's page, as one of this list."""
        return reverse("photo", args=[photo_id]) + self.query

    @classmethod
    def timeline(cls) -> Self:
        return cls(Wanted(archived=False), "", reverse("home"))

    @classmethod
    def album(cls, album: Album) -> Self:
        wanted = Wanted(album=album.pk, order=album.order)
        return cls(wanted, f"?album={album.pk}", reverse("album", args=[album.pk]))

    @classmethod
    def search(cls, query: Query) -> Self:
        return cls(wanted_on_page(query), f"?{urlencode({'q': str(query)})}", page_of(str(query)))

    @classmethod
    def named(cls, name: str) -> Self:
        return cls(_NAMED[name], f"?in={name}", reverse(name))

    @classmethod
    def told(cls, user: User, address: Mapping[str, str]) -> Self:
        """As the address of a photo says; what can't be read, or is not this user's, is the timeline."""
        try:
            return cls.read(user, address)
        except (LookupError, ValueError, Album.DoesNotExist, grammar.Unreadable):
            return cls.timeline()

    @classmethod
    def read(cls, user: User, address: Mapping[str, str]) -> Self:
        """Nothing is the timeline.

        Raises LookupError, ValueError or Album.DoesNotExist for no list of theirs, Unreadable for no search.
        """
        if "in" in address:
            return cls.named(address["in"])
        if "album" in address:
            return cls.album(Album.objects.visible_to(user).get(pk=UUID(address["album"])))
        if "q" in address:
            return cls.search(grammar.parse(address["q"]))
        if address:
            raise LookupError
        return cls.timeline()
