"""What a request asks for, once its JSON has the declared shape: the picture, and the labels told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from photosite.localaws.labels import Choice
from photosite.localaws.refusals import invalid_parameters

LABELS: Final = "GENERAL_LABELS"
PROPERTIES: Final = "IMAGE_PROPERTIES"
MOST_LABELS: Final = 1000
DEFAULT_CONFIDENCE: Final = 55.0
DEFAULT_COLORS: Final = 10


@dataclass(frozen=True)
class S3Place:
    """An object in S3; `version` is None for the newest."""

    bucket: str
    key: str
    version: str | None


@dataclass(frozen=True)
class Wish:
    """What to tell about the picture."""

    labels: bool
    properties: bool
    choice: Choice
    max_colors: int


def parse_wish(members: Mapping[str, Any]) -> Wish:
    """The wish from a request's checked members.

    Raises InvalidParameterException where they contradict each other: MaxLabels over 1000, or MaxLabels,
    MinConfidence or GeneralLabels without GENERAL_LABELS ("only valid when supplying GENERAL_LABELS",
    DetectLabels in the API reference).
    """
    features = members.get("Features") or [LABELS]
    settings = members.get("Settings", {})
    general = {name: members[name] for name in ("MinConfidence", "MaxLabels") if name in members}
    if LABELS not in features and (general or "GeneralLabels" in settings):
        raise invalid_parameters()
    return Wish(
        labels=LABELS in features,
        properties=PROPERTIES in features,
        choice=_choice(general, settings.get("GeneralLabels", {})),
        max_colors=settings.get("ImageProperties", {}).get("MaxDominantColors", DEFAULT_COLORS),
    )


def parse_image(members: Mapping[str, Any]) -> bytes | S3Place:
    """The picture of a request, as bytes or as a place in S3.

    Raises InvalidParameterException for neither or both, or for half a place.
    """
    image = members["Image"]
    if ("Bytes" in image) == ("S3Object" in image):
        raise invalid_parameters()
    if "Bytes" in image:
        data: bytes = image["Bytes"]
        return data
    place = image["S3Object"]
    if "Bucket" not in place or "Name" not in place:
        raise invalid_parameters()
    return S3Place(place["Bucket"], place["Name"], place.get("Version"))


def _choice(general: Mapping[str, Any], filters: Mapping[str, Any]) -> Choice:
    most = general.get("MaxLabels", MOST_LABELS)
    if most > MOST_LABELS:
        raise invalid_parameters()
    return Choice(
        min_confidence=general.get("MinConfidence", DEFAULT_CONFIDENCE),
        max_labels=most,
        names=frozenset(filters.get("LabelInclusionFilters", ())),
        not_names=frozenset(filters.get("LabelExclusionFilters", ())),
        categories=frozenset(filters.get("LabelCategoryInclusionFilters", ())),
        not_categories=frozenset(filters.get("LabelCategoryExclusionFilters", ())),
    )
