"""What the optional operations told of a photo, in words and with its place: faces, text, colours and quality."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gallery.models import Appearance, Face, Job, Photo
from gallery.pipeline.reasons import said
from gallery.pipeline.steps import STEPS
from gallery.views.boxes import Box, box, canvas

_SURE: Final = 50  # from which per cent a trait is told
_MOST_LINES: Final = 100
_EMOTIONS: Final[Mapping[str, Any]] = {
    "HAPPY": gettext_lazy("looks happy"),
    "SAD": gettext_lazy("looks sad"),
    "ANGRY": gettext_lazy("looks angry"),
    "CONFUSED": gettext_lazy("looks confused"),
    "DISGUSTED": gettext_lazy("looks disgusted"),
    "SURPRISED": gettext_lazy("looks surprised"),
    "CALM": gettext_lazy("looks calm"),
    "FEAR": gettext_lazy("looks afraid"),
}
_TRAITS: Final[Mapping[tuple[str, bool], Any]] = {
    ("smiling", True): gettext_lazy("smiles"),
    ("glasses", True): gettext_lazy("glasses"),
    ("sunglasses", True): gettext_lazy("sunglasses"),
    ("beard", True): gettext_lazy("beard"),
    ("moustache", True): gettext_lazy("moustache"),
    ("eyes_open", False): gettext_lazy("eyes closed"),
    ("mouth_open", True): gettext_lazy("mouth open"),
    ("occluded", True): gettext_lazy("partly hidden"),
}


@dataclasses.dataclass(frozen=True)
class Sight:
    """Something with a place of its own. `mark` ties row and box together."""

    words: str
    box: Box
    mark: str = ""


def sights(photo: Photo, marks: Iterator[str]) -> dict[str, Any]:
    """Faces, lines, appearance and what could not be asked. `marks`: those that are left for rows and boxes."""
    faces = [
        Sight(_face(number, face), box(face, canvas(photo)), next(marks, ""))
        for number, face in enumerate(photo.faces.order_by("pk"), start=1)
    ]
    lines = [
        Sight(line.text, box(line, canvas(photo)), next(marks, ""))
        for line in photo.lines.order_by("pk")[:_MOST_LINES]
    ]
    return {
        "faces": faces,
        "lines": lines,
        "appearance": Appearance.objects.filter(photo=photo).first(),
        "skipped": [
            (STEPS[job.step].title, said(job.reason))
            for job in photo.jobs.all()
            if job.state == Job.State.SKIPPED and job.step in STEPS and STEPS[job.step].optional
        ],
    }


def _face(number: int, face: Face) -> str:
    """ "Face 1: 20 to 28 years, looks happy, smiles"."""
    told = ", ".join(_told(face.traits))
    name = _("Face %(number)d") % {"number": number}
    return f"{name}: {told}" if told else name


def _told(traits: Mapping[str, Any]) -> Iterator[str]:
    if "age" in traits:
        low, high = traits["age"]
        yield _("%(low)d to %(high)d years") % {"low": low, "high": high}
    for kind, sure in traits.get("emotions", [])[:1]:
        if sure >= _SURE and kind in _EMOTIONS:
            yield str(_EMOTIONS[kind])
    for (name, value), words in _TRAITS.items():
        told = traits.get(name)
        if told and told[0] is value and told[1] >= _SURE:
            yield str(words)
