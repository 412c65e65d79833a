"""What the site says to strangers: with a photo, and what the built-in recogniser told of it."""

import dataclasses
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control


@dataclasses.dataclass(frozen=True)
class Seen:
    """A box in pixels of static/welcome/horses.webp. `words`: where its name begins, if it is written there."""

    x: int
    y: int
    width: int
    height: int
    percent: int
    words: int = 0

    @property
    def above(self) -> int:
        return self.y - 16


@dataclasses.dataclass(frozen=True)
class Read:
    """`labels`: each with its percentage and how often it was seen. Labels are English in every language."""

    name: str
    boxes: tuple[Seen, ...]
    labels: tuple[tuple[str, int, int], ...]
    wrong: str


_HORSES: Final = Read(
    name="Horse",
    boxes=(
        Seen(119, 209, 245, 355, 97, words=124),
        Seen(325, 222, 246, 323, 96),
        Seen(497, 311, 144, 242, 83),
        Seen(584, 247, 324, 323, 98, words=620),
    ),
    labels=(("Animal", 98, 0), ("Horse", 98, 4), ("Mammal", 98, 0)),
    wrong="Cow",
)


@cache_control(private=True, no_cache=True)
def welcome(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/welcome.html", {"read": _HORSES})
