"""Every component of the pages in its states, with made-up things on it: what docs/design.html shows."""

import dataclasses
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.urls import resolve

from accounts.mail import ShownLink
from accounts.models import User
from gallery.charts import stacked
from gallery.labelling.prices import dollars
from gallery.templatetags.tiles import Tile
from gallery.views.panel import Link, Row
from gallery.views.steps import StepLine

_ID: Final = uuid.UUID(int=1)
_NOON: Final = datetime(2026, 6, 15, 12, tzinfo=UTC)
_MEMBER: Final = User(pk=_ID, email="you@example.org")
_HOME: Final = SimpleNamespace(resolver_match=resolve("/"), get_full_path="/")
_TOLD: Final = {"exposure": "1/250 s · f/1.8 · ISO 64 · 6.8 mm (26 mm equivalent)", "stars": "★★★★☆"}
_PICTURES: Final = "../static/welcome"


@dataclasses.dataclass(frozen=True)
class Specimen:
    """A component with what is on it, a partial's name or a tag. `name`: its state.

    `around`: an element that it stands in on its pages.
    """

    component: str
    name: str
    about: Mapping[str, Any]
    around: str = ""

    @property
    def template(self) -> str:
        """Where it is: a partial, or a tag of gallery/templatetags/tiles.py."""
        return self.component if self.is_tag else f"components/{self.component}.html"

    @property
    def is_tag(self) -> bool:
        return self.component.startswith("{%")

    @property
    def context(self) -> dict[str, Any]:
        return {"user": _MEMBER, "request": _HOME, **self.about}


class _Form(forms.Form):
    email = forms.EmailField(label="Email address", help_text="Nobody else here sees it.")
    analyse = forms.BooleanField(label="Label my photos", help_text="You can change this at any time.")


def _photo(**changes: Any) -> SimpleNamespace:
    about = {
        "pk": _ID,
        "filename": "IMG_4012.jpg",
        "taken_local": _NOON,
        "wall_clock": _NOON,
        "get_taken_source_display": "the camera",
        "camera": "Canon EOS R6",
        "lens": "RF 35mm F1.8",
        "latitude": 46.5,
        "longitude": 7.75,
        "altitude": 1200,
        "rating": 4,
        "kind": "motion",
        "get_kind_display": "Motion photo",
        "width": 1024,
        "height": 664,
        "byte_size": 50304,
        "content_type": "image/webp",
        "uploaded_at": _NOON,
    }
    return SimpleNamespace(**{**about, **changes})


def _tile(picture: str, shape: str = "a62", **changes: Any) -> Tile:
    plain = Tile(
        key=_ID,
        shape=shape,
        size="1024x664",
        day="2024-06-15",
        url=f"{_PICTURES}/{picture}.webp" if picture else "",
        width=480,
        height=320,
        alt=picture or "IMG_4012.jpg",
        filename="IMG_4012.jpg",
        veiled=False,
        favourite=False,
        stopped=False,
        eager=True,
    )
    return plain._replace(**changes)


def _grid(name: str, tile: Tile, *, pick: bool = False) -> "Specimen":
    return Specimen("{% grid row pick=pick %}", name, {"row": [tile], "pick": pick}, "grid")


def _row(name: str, state: str, percent: int, *, own: bool = False) -> Row:
    crumbs = [] if own else [Link("Animal", "#")]
    return Row(1, name, "label", state, own, percent, 55, False, "#", crumbs, [], [], "l0")


def _steps() -> list[StepLine]:
    return [
        StepLine("Pictures", "done", "done", "", ""),
        StepLine("Labels", "waiting", "waiting", "The budget of this month is spent.", ""),
        StepLine("Faces", "working", "being worked on", "", ""),
        StepLine(
            "Text", "failed", "failed", "The picture is larger than may be asked about.", "Tried 8 times."
        ),
    ]


_SPENT: Final = [
    (name, {"DetectLabels": Decimal(labels), "DetectFaces": Decimal(faces)})
    for name, labels, faces in (("Apr 26", 3, 1), ("May 26", 5, 2), ("Jun 26", 2, 4))
]
_PROGRESS: Final = SimpleNamespace(total=1240, finished=812, failed=3, skipped=12, put_back=0)
_RUN: Final = SimpleNamespace(get_state_display="Running", state="running")
_LINE: Final = SimpleNamespace(run=_RUN, progress=_PROGRESS, cost_usd=Decimal("1.24"), until=None)
_LEFT_OUT: Final = SimpleNamespace(
    title="Refused",
    reason="This is a video (MP4).",
    count=12,
    places=["takeout-001.zip/Trip/VID_1.mp4"],
    more=11,
)
_IMPORT: Final = SimpleNamespace(
    row=SimpleNamespace(filename="takeout-001.zip", get_state_display="under way", files=1240, looked_at=812),
    under_way=True,
    reason="",
    counts={"stored": 700, "here": 90, "skipped": 10, "refused": 12},
    reasons=[_LEFT_OUT],
)
_UNDO: Final = {"said": "3 photos are in the trash.", "change": SimpleNamespace(pk=_ID), "next": "/"}
_BAD: Final = _Form({"email": "no address", "analyse": ""})
_SUGGESTED, _CONFIRMED = _row("Horse", "suggested", 98), _row("Pony", "confirmed", 71)

SPECIMENS: Final = (
    Specimen("top", "signed in", {}),
    Specimen("top", "signed out", {"user": AnonymousUser()}),
    Specimen("search_box", "", {}),
    Specimen("field", "empty", {"field": _Form()["email"]}),
    Specimen("fields", "with what is wrong", {"form": _BAD}),
    _grid("a photo", _tile("horses", "a63"), pick=True),
    _grid("a favourite", _tile("owl", favourite=True), pick=True),
    _grid("with a content warning", _tile("coffee", veiled=True)),
    _grid("being prepared", _tile("")),
    _grid("without a preview", _tile("", stopped=True)),
    _grid("in the trash", _tile("flower", note="Deleted for good in 12 days")),
    Specimen("{% grid_for_visitors row token %}", "", {"row": [_tile("dandelions")], "token": "token"}, "grid"),
    Specimen("picked_bar", "photos are picked", {"here": "timeline"}),
    Specimen("pager", "in the middle", {"page": SimpleNamespace(previous="a", next="b")}),
    Specimen("label", "suggested", {"row": _SUGGESTED, "photo": _photo(), "threshold": 55}, "labels"),
    Specimen("label", "confirmed", {"row": _CONFIRMED, "photo": _photo(), "threshold": 55}, "labels"),
    Specimen("label", "rejected", {"row": _row("Cow", "rejected", 80), "photo": _photo()}, "labels"),
    Specimen("label", "your own", {"row": _row("Holiday", "suggested", 100, own=True), "photo": _photo()}, "labels"),
    Specimen("facts", "", {"photo": _photo(), "offset": "UTC+02:00", "size": (4032, 3024), **_TOLD}),
    Specimen("steps", "every state", {"steps": _steps()}),
    Specimen("work", "failed", {
        "works": [SimpleNamespace(tile=_tile("dandelions"), steps=_steps()[:2])], "again": True, "kind": "failed"
    }),
    Specimen("imports", "under way", {"imports": [_IMPORT]}),
    Specimen("run_progress", "", {"line": _LINE}),
    Specimen("chart", "", {
        "chart": stacked(_SPENT, ["DetectLabels", "DetectFaces"], dollars), "title": "Cost by month"
    }),
    Specimen("toast", "with Undo", _UNDO),
    Specimen("undo", "without script", _UNDO),
    Specimen("mailed_link", "", {"mailed_link": ShownLink("#", "Confirm my address")}),
    Specimen("recognition_notice", "", {}),
    Specimen("samples_note", "while samples are here", {"samples_searches": ["cat", "cup"]}),
    Specimen("samples_offer", "an empty library", {}),
    Specimen("empty", "with a way out", {
        "icon": "icons/heart.svg", "title": "No favourites yet", "words": "Open a photo and touch the heart.",
        "address": "#", "does": "To your photos",
    }),
)  # fmt: skip
NOTHING_TO_SEE: Final = {
    "languages": "A row of buttons at the foot of a visitor's pages, where the site knows several languages.",
    "palette": "Opens by script, with Ctrl+K.",
    "viewer": "Opens by script over a list, when a photo is clicked.",
    "upload_tray": "Opens by script, when files are sent.",
    "place": "A piece of the world map, drawn from the position of a photo on its own page.",
    "picked_kept": "Hidden fields only: which photos a form is about.",
}
"""Components that can't be shown on a page that stands still, and why."""
