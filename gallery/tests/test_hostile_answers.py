"""Whatever a recogniser answers, the photo is done, its page and the API are whole, and nothing is unescaped."""

import json
import re
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from gallery.labelling import answer
from gallery.models import Detection, Instance, Photo
from gallery.organise import verdicts
from gallery.pipeline import reconcile
from gallery.pipeline.detections import replace_detections
from gallery.tests.asking import address, program, read
from gallery.tests.collection import make_finished

pytestmark = pytest.mark.usefixtures("plain_pages")


def label(name: Any = "Cat", confidence: Any = 99, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Confidence": confidence, **members}


def named(*names: Any) -> list[dict[str, Any]]:
    return [{"Name": name} for name in names]


def box(left: Any, top: Any, width: Any, height: Any, confidence: Any = 90) -> dict[str, Any]:
    sides = {"Left": left, "Top": top, "Width": width, "Height": height}
    return {"BoundingBox": sides, "Confidence": confidence}


NAN: Final = float("nan")
MARKUP: Final = "<script>alert(1)</script>"
QUOTES: Final = "\"'><img src=x onerror=alert(1)>"
HUGE: Final = "x" * 1_000_000
ANSWERS: Final[dict[str, list[Any]]] = {
    "markup": [
        label(MARKUP, Parents=named(MARKUP), Aliases=named(QUOTES), Categories=named(QUOTES)),
        label(QUOTES), label("{{ 7*7 }}{% now %}"), label("javascript:alert(1)"),
    ],
    "ten thousand": [label(f"Label {number}") for number in range(10_000)],
    "no numbers": [label("NaN", NAN), label("inf", float("inf")), label("-1", -1), label("text", "99"),
                   label("none", None)],
    "boxes outside": [
        label(Instances=[
            box(-1, -1, 3, 3), box(2, 2, 1, 1), box(NAN, 0, 1, 1), box(0, 0, 0, 0), box(0.5, 0.5, -1, -1),
            box("0.1", None, [], {}), box(0, 0, 1e308, 1e308), {"BoundingBox": None}, {}, None, "box",
        ]),
    ],
    "null lists": [
        label(Instances=None, Parents=None, Aliases=None, Categories=None), label(Instances={}, Parents="x"), None, [],
        "x",
        label(Parents=[None, {}, {"Name": None}, {"Name": 5}]), {}, {"Name": None, "Confidence": None},
    ],
    "names that are none": [*map(label, ("", " ", "\x00", "\u200b\u202e", "\u0301", "\ud800", 5, True, [], {}))],
    "the same word": [
        label("Cafe", 60), label("café", 90), label("CAFÉ", 70), label("Ca\u0301fe"), label(" cafe "),
        label("ﬁne"), label("fine"),
    ],
    "circles": [
        label("Dog", Parents=named("Dog", "Animal")), label("Animal", Parents=named("Dog", "Animal", "Cat")),
        label("Cat", Parents=named("Animal"), Categories=named("Cat", "Cat")),
    ],
    "huge strings": [label(HUGE, Parents=named(HUGE), Aliases=named(HUGE)), label("\ufdfa" * 1000),
                     label("👩‍👩‍👧" * 1000)],
    "a family of ten thousand": [
        label(f"Child {one}", 70, Parents=named(*(f"P {one} {two}" for two in range(50))),
              Categories=named(*(f"C {one} {two}" for two in range(50))))
        for one in range(100)
    ],
    "nul and direction": [label("a\x00b"), label("\u202egnp.exe"), label("line\nline\rline"), label("\x1b[31mred")],
    "numbers": [label("big", 10**400), label("tiny", 1e-320), label("many", 1000), label("minus zero", -0.0),
                label("true", True)],
    "nothing": [],
}  # fmt: skip


class Scripts(HTMLParser):
    """What of a page would run, or was opened by what a label says."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "script" and "src" not in told and told.get("type") not in {"application/json"}:
            self.found.append("an inline script")
        self.found += [name for name in told if name.startswith("on")]
        self.found += [
            str(told[name]) for name in ("href", "src") if str(told.get(name)).startswith("javascript:")
        ]


@pytest.mark.parametrize("name", ANSWERS)
def test_the_photo_is_whole_whatever_was_answered(client: Client, alice: User, name: str) -> None:
    photo = make_finished(alice)
    told = answer.read({"Labels": ANSWERS[name], "LabelModelVersion": MARKUP})
    json.dumps(told.raw, allow_nan=False)
    for _ in range(2):
        with transaction.atomic():
            replace_detections(photo, told.labels, told.model_version)
    _judge_some(photo)
    seen = read(program(alice), address(photo), rejected="true")
    assert seen["processing"]["state"] == "done"
    assert all(0 <= found["confidence"] <= 100 for found in seen["labels"])
    assert len(seen["labels"]) <= 1500 + 2
    client.force_login(alice)
    for page in (reverse("photo", args=[photo.pk]), reverse("labels"), reverse("home")):
        response = client.get(page)
        assert response.status_code == 200, page
        assert scripts(response.content.decode()) == []
    assert list(reconcile.counters()) == []


def _judge_some(photo: Photo) -> None:
    """Its owner's word on the first few, one of each."""
    names = photo.detections.order_by("pk").values_list("label__name", flat=True)[:4]
    for name, state in zip(names, ("rejected", "confirmed", "rejected", "confirmed"), strict=False):
        verdicts.say(photo.owner_id, [photo.pk], name, state)


def scripts(page: str) -> list[str]:
    parser = Scripts()
    parser.feed(re.sub(r"<script[^>]*\ssrc=[^>]*></script>", "", page))
    return parser.found


def test_names_that_are_the_same_word_are_one_label_the_surest(alice: User) -> None:
    photo = make_finished(alice)
    with transaction.atomic():
        replace_detections(photo, answer.read({"Labels": ANSWERS["the same word"]}).labels, "3.0")
    assert sorted(Detection.objects.values_list("label__folded", "confidence")) == [
        ("cafe", 99),
        ("fine", 99),
    ]


def test_boxes_are_on_the_picture_or_nowhere(alice: User) -> None:
    photo = make_finished(alice)
    with transaction.atomic():
        replace_detections(photo, answer.read({"Labels": ANSWERS["boxes outside"]}).labels, "3.0")
    for found in Instance.objects.all():
        assert found.left + found.width <= 1.000001
        assert found.top + found.height <= 1.000001
    assert Instance.objects.count() == 2
