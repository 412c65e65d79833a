"""Photos for the pages to show: real ones, labelled; one in the trash, one that could not be shown."""

import dataclasses
import functools
import io
import re
from pathlib import Path
from typing import Final

from PIL import Image

from tests.site import pictures
from tests.site.client import Client
from tests.site.running import PASSWORD, Site

PHOTOS: Final = Path(__file__).resolve().parents[1] / "photos"
OWNER: Final = "alice@example.org"
STAFF: Final = "staff@example.org"
_MEGAPIXELS: Final = 12_000_000


@dataclasses.dataclass(frozen=True)
class Library:
    """Ids of the owner's photos, of an album with some, and of a bulk run that labelled one of them again; addresses
    of links to the album, without and with a password."""

    cat: str
    trashed: str
    broken: str
    album: str
    run: str
    shared: str
    locked: str


def fill(site: Site) -> Library:
    """Makes the owner with photos, and somebody of the staff. Returns when all is labelled."""
    owner = site.user(OWNER)
    staff = {"DJANGO_SUPERUSER_EMAIL": STAFF, "DJANGO_SUPERUSER_PASSWORD": PASSWORD}
    site.typed("createsuperuser", "--noinput", **staff)
    ids = {path.stem: owner.add(path.read_bytes(), path.name) for path in sorted(PHOTOS.glob("*.jpg"))}
    trashed = owner.add(pictures.distinct(1), "thrown away.jpg")
    broken = owner.add(pictures.png_broken_inside(), "broken inside.png")
    for photo_id in (*ids.values(), trashed):
        owner.labelled(photo_id)
    changed = owner.ask(
        "PATCH", f"/api/v1/photos/{ids['chelsea']}/", json={"favourite": True, "caption": "Chelsea"}
    )
    assert changed.status == 200, changed
    assert owner.ask("DELETE", f"/api/v1/photos/{trashed}/").status == 204
    album = together(owner, list(ids.values()))
    return Library(
        cat=ids["chelsea"],
        trashed=trashed,
        broken=broken,
        album=album,
        run=relabelled(site),
        shared=shared(owner, album),
        locked=shared(owner, album, password="open sesame"),
    )


def shared(owner: Client, album: str, **how: str) -> str:
    """The path of a new link to an album."""
    made = owner.ask("POST", "/api/v1/shares/", json={"album": album, "show_labels": True, **how})
    assert made.status == 201, made
    return "/s/" + str(made.json["url"]).partition("/s/")[2]


def together(owner: Client, photos: list[str]) -> str:
    """The id of an album with these photos."""
    told = {"title": "The best ones", "description": "Of all that there are."}
    album = owner.ask("POST", "/api/v1/albums/", json=told).json["id"]
    filled = owner.ask("PUT", f"/api/v1/albums/{album}/photos/", json={"ids": photos})
    assert filled.status == 200, filled
    return str(album)


def relabelled(site: Site) -> str:
    """The id of a run that has labelled the owner's cats again."""
    said = site.typed("relabel", "--owner", OWNER, "--query", "cat", "--yes", "--follow")
    found = re.search(r"run ([-0-9a-f]{36})", said)
    assert found is not None, said
    return found[1]


@functools.cache
def large_cat() -> bytes:
    """The cat as a camera of 12 megapixels would have taken it."""
    with Image.open(PHOTOS / "chelsea.jpg") as small:
        larger = (_MEGAPIXELS / (small.width * small.height)) ** 0.5
        size = round(small.width * larger) + 1, round(small.height * larger) + 1
        large = small.convert("RGB").resize(size, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    large.save(out, "JPEG", quality=90)
    return out.getvalue()
