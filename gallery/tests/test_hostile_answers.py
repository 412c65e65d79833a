"""Whatever a recogniser answers, the photo is done, its page and the API are whole, and nothing is unescaped."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from gallery.labelling import answer, rekognition
from gallery.models import Detection, Face, Instance, Job, Photo, TextLine
from gallery.organise import verdicts
from gallery.pipeline import jobs, options, reconcile, run
from gallery.pipeline.detections import replace_detections
from gallery.tests.asking import address, program, read
from gallery.tests.collection import make_finished
from gallery.tests.relabelling import Recogniser

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("plain_pages")]


def label(name: Any = "Cat", confidence: Any = 99, **members: Any) -> dict[str, Any]:
    return {"Name": name, "Confidence": confidence, **members}


def named(*names: Any) -> list[dict[str, Any]]:
    return [{"Name": name} for name in names]


def box(left: Any, top: Any, width: Any, height: Any, confidence: Any = 90) -> dict[str, Any]:
    sides = {"Left": left, "Top": top, "Width": width, "Height": height}
    return {"BoundingBox": sides, "Confidence": confidence}


NAN: Final = float("nan")
VERSIONS: Final = ("LabelModelVersion", "ModerationModelVersion", "TextModelVersion")
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


def face(
    confidence: Any = 99, place: tuple[Any, Any, Any, Any] = (0.1, 0.1, 0.2, 0.2), **members: Any
) -> dict[str, Any]:
    return {**box(*place, confidence), **members}


def known(name: Any = "Ada", confidence: Any = 99, **members: Any) -> dict[str, Any]:
    return {"Name": name, "MatchConfidence": confidence, "Face": box(0.1, 0.1, 0.2, 0.2), **members}


def line(text: Any = "INVOICE", confidence: Any = 99, **members: Any) -> dict[str, Any]:
    where = {"Geometry": box(0.1, 0.1, 0.2, 0.2)}
    return {"DetectedText": text, "Type": "LINE", "Confidence": confidence, **where, **members}


NO_NUMBERS: Final[list[Any]] = [
    NAN, float("inf"), -float("inf"), -1, "99", "x", None, [], {}, 10**400, 1e-320, True,
]  # fmt: skip
NO_NAMES: Final[list[Any]] = ["", " ", "\x00", "\u200b\u202e", "\u0301", "\ud800", 5, True, None, [], {}]
OUTSIDE: Final[list[Any]] = [
    (-1, -1, 3, 3), (2, 2, 1, 1), (NAN, 0, 1, 1), (0, 0, 0, 0), (0.5, 0.5, -1, -1), ("0.1", None, [], {}),
    (0, 0, 1e308, 1e308),
]  # fmt: skip
NOTHINGS: Final[list[Any]] = [None, [], "x", 5, {}, {"Confidence": None}]
OPTIONAL: Final[dict[str, dict[str, list[Any]]]] = {
    "faces": {
        "markup": [face(Emotions=[{"Type": MARKUP, "Confidence": 99}], AgeRange={"Low": MARKUP, "High": QUOTES},
                        Smile={"Value": MARKUP, "Confidence": 99})],
        "no numbers": [
            *map(face, NO_NUMBERS), *(face(AgeRange={"Low": one, "High": one}) for one in NO_NUMBERS),
            *(face(Emotions=[{"Type": "HAPPY", "Confidence": one}]) for one in NO_NUMBERS),
        ],
        "boxes outside": [face(place=place) for place in OUTSIDE],
        "nothings": [*NOTHINGS, *(face(BoundingBox=none, Emotions=none) for none in NOTHINGS),
                     *(face(Emotions=none, AgeRange=none, Smile=none) for none in [*NOTHINGS, [None, "x"]])],
        "huge": [face(Emotions=[{"Type": HUGE, "Confidence": 99}] * 100), *[face()] * 10_000],
    },
    "celebrities": {
        "markup": [known(MARKUP), known(QUOTES, Urls=["javascript:alert(1)", MARKUP, QUOTES, "//x.example/'><b>"])],
        "no numbers": [known(f"Ada {number}", one) for number, one in enumerate(NO_NUMBERS)],
        "boxes outside": [known(f"Ada {number}", Face=box(*one)) for number, one in enumerate(OUTSIDE)],
        "nothings": [*NOTHINGS, *map(known, NO_NAMES), *(known(Urls=none, Face=none) for none in NOTHINGS),
                     known(Urls=[None, 5, [], "\x00"])],
        "huge": [known(HUGE, Urls=[HUGE] * 100), *(known(f"Ada {number}") for number in range(10_000))],
    },
    "moderation": {
        "markup": [label(MARKUP, ParentName=QUOTES), label(QUOTES, ParentName=MARKUP)],
        "no numbers": [label(f"Violence {number}", one) for number, one in enumerate(NO_NUMBERS)],
        "nothings": [*NOTHINGS, *map(label, NO_NAMES), *(label(ParentName=none) for none in [*NO_NAMES, "Cat"])],
        "huge": [label(HUGE, ParentName=HUGE),
                 *(label(f"Violence {one}", ParentName=f"P {one}") for one in range(10_000))],
    },
    "text": {
        "markup": [line(MARKUP), line(QUOTES), line("{{ 7*7 }}{% now %}"), line("a\x00b\u202egnp.exe\nline")],
        "no numbers": [*map(line, ["99"] * len(NO_NUMBERS), NO_NUMBERS)],
        "boxes outside": [line(Geometry=box(*place)) for place in OUTSIDE],
        "nothings": [*NOTHINGS, *map(line, NO_NAMES), *(line(Geometry=none) for none in NOTHINGS),
                     *(line(Type=none) for none in NO_NAMES)],
        "huge": [line(HUGE), *(line(f"line {number} " * 50) for number in range(10_000))],
    },
}  # fmt: skip
LISTS: Final = {
    "labels": "Labels", "faces": "FaceDetails", "celebrities": "CelebrityFaces", "moderation": "ModerationLabels",
    "text": "TextDetections",
}  # fmt: skip
Ask = Callable[[Photo, str, Any], Job]


@pytest.fixture
def ask(recognition: Recogniser, monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Sends the photo through this step, as new, with this answer to it. Its job."""

    def through(photo: Photo, step: str, raw: Any) -> Job:
        now = timezone.now()
        new = {"owner": photo.owner, **jobs.FRESH, "ready_at": now, "asked_at": now}
        Job.objects.update_or_create(photo=photo, step=step, defaults=new)
        monkeypatch.setattr(rekognition, "ask", lambda _operation, _jpeg, **_members: raw)
        assert run.one(step)
        found: Job = Job.objects.get(photo=photo, step=step)
        return found

    return through


@pytest.mark.parametrize("name", ANSWERS)
def test_the_photo_is_whole_whatever_was_answered(client: Client, alice: User, ask: Ask, name: str) -> None:
    photo = make_finished(alice)
    for _ in range(2):
        asked = ask(photo, "labels", {"Labels": ANSWERS[name], "LabelModelVersion": MARKUP})
        assert (asked.state, asked.reason) == (Job.State.DONE, "")
    _judge_some(photo)
    assert_whole(client, photo)


@pytest.mark.parametrize(
    ("step", "name"), [(step, name) for step, answers in OPTIONAL.items() for name in answers]
)
def test_the_photo_is_whole_whatever_was_answered_to_an_option(
    client: Client, alice: User, ask: Ask, step: str, name: str
) -> None:
    options.switch(alice, OPTIONAL)
    photo = make_finished(alice)
    for _ in range(2):
        asked = ask(photo, step, {LISTS[step]: OPTIONAL[step][name], **dict.fromkeys(VERSIONS, MARKUP)})
        assert (asked.state, asked.reason) == (Job.State.DONE, "")
    _judge_some(photo)
    assert_whole(client, photo)
    assert read(program(alice), address(photo, "recognition/")).keys() >= {"faces", "lines", "known"}


@pytest.mark.parametrize("none", [None, "x", {}, 5, NAN], ids=repr)
@pytest.mark.parametrize("step", LISTS)
def test_what_is_no_answer_is_asked_again_and_the_photo_says_why_it_waits(
    alice: User, ask: Ask, step: str, none: Any
) -> None:
    options.switch(alice, OPTIONAL)
    asked = ask(make_finished(alice), step, {LISTS[step]: none})
    assert (asked.state, asked.attempts) == (Job.State.WAITING, 1)
    assert asked.reason.endswith("the photo is tried again.")


def assert_whole(client: Client, photo: Photo) -> None:
    seen = read(program(photo.owner), address(photo), rejected="true")
    assert seen["processing"]["state"] == "done"
    assert all(0 <= found["confidence"] <= 100 for found in seen["labels"])
    assert len(seen["labels"]) <= 1500 + 2
    client.force_login(photo.owner)
    for page in (reverse("photo", args=[photo.pk]), reverse("labels"), reverse("home")):
        response = client.get(page)
        assert response.status_code == 200, page
        assert scripts(response.content.decode()) == []
    places: list[Any] = [*Instance.objects.all(), *Face.objects.all(), *TextLine.objects.all()]
    for place in places:
        assert max(place.left + place.width, place.top + place.height) <= 1.000001
    assert list(reconcile.counters()) == []


def _judge_some(photo: Photo) -> None:
    """Its owner's word on the first few, one of each."""
    names = photo.detections.order_by("pk").exclude(label__kind="category")
    words = ("rejected", "confirmed", "rejected", "confirmed")
    for (name, kind), state in zip(names.values_list("label__name", "label__kind")[:4], words, strict=False):
        verdicts.say(photo.owner_id, [photo.pk], name, state, kind)


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
