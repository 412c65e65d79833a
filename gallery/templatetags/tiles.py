"""Photos as they lie in a grid.

They are put together here and not by a template: a page has hundreds, and each would cost five times as much there
(`benchmarks/pages.py`). Beside the box of months (months.py) it is the only HTML that Python writes.
"""

import dataclasses
from collections.abc import Iterable
from html import escape
from typing import Final, NamedTuple
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

register = template.Library()
_AT_ONCE: Final = 'fetchpriority="high"'
_NEAR: Final = 'loading="lazy"'
_NOBODY: Final = UUID(int=0)
_HEART: Final = "M12 20S3 15 3 9.5A4.6 4.6 0 0 1 12 8a4.6 4.6 0 0 1 9 1.5C21 15 12 20 12 20z"


class Tile(NamedTuple):
    """`url`: of its thumbnail, of `width` and `height`; "" while there is none, for ever if `stopped`.

    `size`: of the photo, "4032x3024"; `day`: when it was taken, "2024-06-15"; `eager`: to be loaded at once; `note`: a
    line of text on it.
    """

    key: UUID
    shape: str
    size: str
    day: str
    url: str
    width: int
    height: int
    alt: str
    filename: str
    veiled: bool
    favourite: bool
    stopped: bool
    eager: bool
    note: str = ""


@dataclasses.dataclass(frozen=True)
class Frame:
    """What all tiles of a page have in common. Whoever came by a link sees neither names of files nor favourites."""

    before: str  # of an address, up to the photo's key
    after: str
    owners: bool
    pick: bool


@register.simple_tag
def grid(row: Iterable[Tile], *, inside: str = "", pick: bool = False) -> SafeString:
    """Tiles that lead to the photo's page. `inside`: the query that tells it of which list it is one; `pick`: with a
    circle to pick it by."""
    before, after = reverse("photo", args=[_NOBODY]).split(str(_NOBODY))
    return _written(row, Frame(before, after + escape(inside), owners=True, pick=pick))


@register.simple_tag
def single(tile: Tile) -> SafeString:
    """A tile on its own; the name of its file stands beside it."""
    return grid([tile._replace(filename="")])


@register.simple_tag
def grid_for_visitors(row: Iterable[Tile], token: str) -> SafeString:
    before, after = reverse("shared_photo", args=[token, _NOBODY]).split(str(_NOBODY))
    return _written(row, Frame(before, after, owners=False, pick=False))


def _written(row: Iterable[Tile], frame: Frame) -> SafeString:
    words = {name: escape(said) for name, said in _words().items()}
    return mark_safe("".join(_tile(tile, frame, words) for tile in row))  # noqa: S308 - escaped piece by piece


def _words() -> dict[str, str]:
    return {
        "warning": _("Content warning"),
        "waits": _("being prepared"),
        "stopped": _("no preview"),
        "favourite": _("Favourite"),
        "select": _("Select"),
    }


def _tile(tile: Tile, frame: Frame, words: dict[str, str]) -> str:
    alt = escape(tile.alt)
    day = f' data-day="{tile.day}"' if frame.owners else ""
    parts = [
        f'<div class="tile {tile.shape}{" veiled" if tile.veiled else ""}">'
        f'<a href="{frame.before}{tile.key}{frame.after}" data-size="{tile.size}"{day}>',
        _picture(tile, alt, words) if tile.url else _no_picture(tile, frame, words),
        "</a>",
    ]
    if tile.note:
        parts.append(f'<span class="left">{escape(tile.note)}</span>')
    if tile.favourite and frame.owners:
        parts.append(_mark(words))
    if frame.pick:
        parts.append(
            f'<input type="checkbox" class="pick" name="photo" value="{tile.key}" form="picked"'
            f' aria-label="{words["select"]}: {alt}" autocomplete="off">'
        )
    return "".join([*parts, "</div>"])


@register.simple_tag
def favourite_mark() -> str:
    """What says on a tile that it is a favourite, for a script to put there; as text."""
    return _mark({name: escape(said) for name, said in _words().items()})


def _mark(words: dict[str, str]) -> str:
    return (
        f'<svg class="mark" viewBox="0 0 24 24" role="img" aria-label="{words["favourite"]}">'
        f'<path d="{_HEART}"/></svg>'
    )


def _picture(tile: Tile, alt: str, words: dict[str, str]) -> str:
    return (
        f'<img src="{escape(tile.url)}" width="{tile.width}" height="{tile.height}" alt="{alt}"'
        f' {_AT_ONCE if tile.eager else _NEAR} decoding="async">'
        f"{_warning(words) if tile.veiled else ''}"
    )


def _warning(words: dict[str, str]) -> str:
    return f'<span class="warns">{words["warning"]}</span>'


def _no_picture(tile: Tile, frame: Frame, words: dict[str, str]) -> str:
    name = escape(tile.filename) if frame.owners else ""
    state = "stopped" if tile.stopped else "waits"
    return f'<span class="none {state}">{name}<small>{words[state]}</small></span>'
