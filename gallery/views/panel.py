"""What a photo's page says of its labels: each with its place, what it is a kind of, and who says so."""

import dataclasses
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from gallery.forms import ThresholdForm
from gallery.models import Analysis, Instance, Label, OwnerLabel, Photo
from gallery.organise.on_photo import LabelOnPhoto, labels_on
from gallery.pipeline.state import processing
from gallery.search.tree import Category, Query
from gallery.views.boxes import Box, box, canvas
from gallery.views.queries import address, as_sure_as, of_label
from gallery.views.sights import sights

# Rows and boxes light each other up by these classes; styles exist for so many.
_LIT: Final = 24
_MOST_OFFERED: Final = 100
_OPERATIONS: Final[Mapping[str, str]] = {
    Label.Kind.LABEL: "DetectLabels",
    Label.Kind.CELEBRITY: "RecognizeCelebrities",
    Label.Kind.MODERATION: "DetectModerationLabels",
}


@dataclasses.dataclass(frozen=True)
class Link:
    """A word that leads to a search, or out of the site."""

    words: str
    address: str


@dataclasses.dataclass(frozen=True)
class Row:
    """A label as it is listed. `own`: only its owner says so. `hidden`: less certain than what is asked for.

    `least`: the lowest threshold at which it is still shown; what its owner said something of is always shown.
    """

    pk: int
    name: str
    kind: str
    state: str
    own: bool
    percent: int
    least: int
    hidden: bool
    address: str
    crumbs: list[Link]
    links: list[Link]
    boxes: list[Box]
    mark: str


@dataclasses.dataclass(frozen=True)
class Source:
    """Somebody who says something: which labels, and in words who and when."""

    said: str
    names: list[str]


def panel(user: User, photo: Photo, asked: Mapping[str, Any]) -> dict[str, Any]:
    """The labels of a photo from `Photo.objects.with_everything()`. `asked`: a query that may name a threshold."""
    threshold = _threshold(asked)
    found = in_order(labels_on(photo, rejected=True))
    rows = _rows(photo, found, threshold)
    return {
        "photo": photo,
        "state": processing(photo.jobs.all()),
        "canvas": canvas(photo),
        "size": photo.size_like(next(iter(photo.renditions.all()), None)),
        "rows": rows,
        "groups": _groups(rows),
        "threshold": threshold,
        "least": round(settings.MIN_CONFIDENCE),
        "hidden": sum(row.hidden for row in rows),
        "categories": _categories(photo, threshold),
        "sources": _sources(photo, found),
        "known": _known(user),
        **sights(photo, iter(_left(rows))),
    }


def _left(rows: list[Row]) -> list[str]:
    """The marks that no label has."""
    taken = {row.mark for row in rows}
    return [mark for number in range(_LIT) if (mark := f"l{number}") not in taken]


def _threshold(asked: Mapping[str, Any]) -> int:
    """The confidence from which labels are shown, in per cent; the usual one if what is asked can't be read."""
    form = ThresholdForm({"least": asked.get("from", "")})
    return int(form.cleaned_data["least"]) if form.is_valid() else round(settings.SHOWN_CONFIDENCE)


def in_order(found: list[LabelOnPhoto]) -> list[LabelOnPhoto]:
    """What was seen first, then what follows from it ("Animal" from "Cat"); each most certain first.

    A verdict moves nothing: whoever judges one row after the other finds the next one where it was.
    """
    wider = {parent for seen in found for parent in seen.label.parents}
    return sorted(found, key=lambda seen: (_follows(seen, wider), -seen.confidence, seen.label.name))


def _instances(seen: LabelOnPhoto) -> list[Instance]:
    return list(seen.detection.instances.all()) if seen.detection else []


def _follows(seen: LabelOnPhoto, wider: set[str]) -> bool:
    return not _instances(seen) and (seen.implied or seen.label.name in wider)


def _rows(photo: Photo, found: list[LabelOnPhoto], threshold: int) -> list[Row]:
    """Those with boxes get a mark that ties row and boxes together. What was rejected has none."""
    parents = {seen.label.name: seen.label.parents for seen in found}
    boxes = {
        seen.label.pk: [box(place, canvas(photo)) for place in _instances(seen)]
        for seen in found
        if seen.certainty >= 0
    }
    lit = [pk for pk, places in boxes.items() if places][:_LIT]
    return [
        Row(
            pk=seen.label.pk,
            name=seen.label.name,
            kind=seen.label.kind,
            state=seen.state,
            own=seen.source == "user",
            percent=int(seen.confidence),
            least=int(seen.certainty) if seen.state == "suggested" else 100,
            hidden=seen.state == "suggested" and int(seen.certainty) < threshold,
            address=_search(seen),
            crumbs=_crumbs(seen.label, parents),
            links=[Link(_host(link), link) for link in map(_absolute, seen.label.links) if link],
            boxes=boxes.get(seen.label.pk, []),
            mark=f"l{lit.index(seen.label.pk)}" if seen.label.pk in lit else "",
        )
        for seen in found
    ]


def _search(seen: LabelOnPhoto) -> str:
    """A search that finds this photo, too, as long as the label stands."""
    query = of_label(seen.label.name)
    sure = 0 <= seen.certainty < settings.SHOWN_CONFIDENCE
    return address(as_sure_as(query, settings.MIN_CONFIDENCE) if sure else query)


def _crumbs(label: Label, parents: Mapping[str, list[str]]) -> list[Link]:
    """What it is a kind of, widest first: that has the fewest parents of its own."""
    wider = sorted(label.parents, key=lambda name: (len(parents.get(name, ())), name))
    return [Link(name, address(of_label(name))) for name in wider]


def _absolute(link: str) -> str:
    """An address on the web; Rekognition leaves the scheme out. "" for what leads elsewhere."""
    whole = link if "://" in link else f"https://{link}"
    return whole if whole.startswith(("https://", "http://")) else ""


def _host(link: str) -> str:
    return link.partition("://")[2].partition("/")[0].removeprefix("www.")


def _groups(rows: list[Row]) -> list[tuple[str, list[Row]]]:
    """By kind, each with its heading; ordinary labels need none."""
    names = {
        Label.Kind.LABEL: "",
        Label.Kind.CELEBRITY: _("Who may be on it"),
        Label.Kind.MODERATION: _("Content warnings"),
    }
    groups = [(name, [row for row in rows if row.kind == kind]) for kind, name in names.items()]
    return [(name, some) for name, some in groups if some]


def _categories(photo: Photo, threshold: int) -> list[Link]:
    found = sorted(
        row.label.name
        for row in photo.detections.all()
        if row.label.kind == Label.Kind.CATEGORY and row.certainty >= threshold
    )
    return [Link(name, address(Query(Category(name)))) for name in found]


def _sources(photo: Photo, found: Iterable[LabelOnPhoto]) -> list[Source]:
    """Machines first, then the owner; who says the same at the same time is listed once."""
    said_at = {said.label_id: said.said_at for said in photo.verdicts.all()}
    answers = _answers(photo)
    machine: dict[tuple[str, str], list[str]] = {}
    owner: dict[tuple[str, datetime], list[str]] = {}
    for seen in found:
        if seen.source == "rekognition" and seen.detection:
            machine.setdefault((seen.label.kind, seen.detection.model_version), []).append(seen.label.name)
        if seen.label.pk in said_at:
            owner.setdefault((seen.state, said_at[seen.label.pk]), []).append(seen.label.name)
    told = [Source(_by_machine(*who, answers), names) for who, names in machine.items()]
    return told + [Source(_by_owner(*word), names) for word, names in sorted(owner.items())]


def _answers(photo: Photo) -> dict[tuple[str, str], datetime]:
    """When each operation was last answered by each version of its model."""
    answered = photo.analyses.filter(state=Analysis.State.ANSWERED, operation__in=_OPERATIONS.values())
    rows = answered.order_by("sent_at").values_list("operation", "model_version", "answered_at")
    return {(operation, version): moment for operation, version, moment in rows if moment}


def _by_machine(kind: str, version: str, answers: Mapping[tuple[str, str], datetime]) -> str:
    moment = answers.get((_OPERATIONS.get(kind, ""), version))
    words = {
        "version": version,
        "when": date_format(timezone.localtime(moment), "DATE_FORMAT") if moment else "",
    }
    if not version:
        return (
            _("Recognised by Rekognition on %(when)s") if moment else _("Recognised by Rekognition")
        ) % words
    if moment:
        return _("Recognised by Rekognition, model %(version)s, on %(when)s") % words
    return _("Recognised by Rekognition, model %(version)s") % words


def _by_owner(state: str, moment: datetime) -> str:
    words = {"when": date_format(timezone.localtime(moment), "DATE_FORMAT")}
    return (
        _("Taken off by you on %(when)s") if state == "rejected" else _("Confirmed by you on %(when)s")
    ) % words


def _known(user: User) -> list[str]:
    """The labels that are on most of this user's photos: offered to whoever adds one."""
    counts = OwnerLabel.objects.visible_to(user).filter(kind=Label.Kind.LABEL, photos__gt=0)
    return list(counts.order_by("-shown").values_list("label__name", flat=True)[:_MOST_OFFERED])
