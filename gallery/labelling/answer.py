"""What an answer of DetectLabels means to us: frozen, clamped, without a trace of what was odd in it.

Every member is optional in Rekognition's model and numbers come as they were sent, so nothing here trusts a
type. What can't be read is left out; an answer without `Labels` is no answer (Unusable), never "no labels".
https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectLabels.html
"""

import dataclasses
import math
from collections.abc import Iterable, Mapping
from typing import Any, Final

from gallery.geometry import BoundingBox
from gallery.labelling.errors import Unusable

_MOST_LABELS: Final = 1000  # the most DetectLabels returns
_MOST_NAMES: Final = 50
_MOST_INSTANCES: Final = 200
_LONGEST_NAME: Final = 100


@dataclasses.dataclass(frozen=True)
class FoundInstance:
    """Where a label was seen. Confidence 0 to 100."""

    box: BoundingBox
    confidence: float
    colours: tuple[dict[str, Any], ...] = ()


@dataclasses.dataclass(frozen=True)
class FoundLabel:
    """A label on a picture. Confidence 0 to 100. `links`: pages about it, for celebrities."""

    name: str
    confidence: float
    parents: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    instances: tuple[FoundInstance, ...] = ()
    links: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True)
class Answer:
    """All labels of one picture, each name once; the model that said so; the raw answer as it came."""

    labels: tuple[FoundLabel, ...]
    model_version: str
    raw: dict[str, Any]


def read(raw: Mapping[str, Any]) -> Answer:
    """The answer in our words. Raises Unusable if it isn't one."""
    told = raw.get("Labels")
    if not isinstance(told, list):
        raise Unusable("the answer had no list of labels")
    best: dict[str, FoundLabel] = {}
    for item in told[:_MOST_LABELS]:
        label = _label(item)
        if label and (label.name not in best or best[label.name].confidence < label.confidence):
            best[label.name] = label
    kept = {name: value for name, value in raw.items() if name != "ResponseMetadata"}
    return Answer(tuple(best.values()), _name(raw.get("LabelModelVersion")), _storable(kept))


def _label(item: Any) -> FoundLabel | None:
    if not isinstance(item, Mapping):
        return None
    name, confidence = _name(item.get("Name")), _number(item.get("Confidence"))
    if not name or confidence is None:
        return None
    return FoundLabel(
        name,
        _percent(confidence),
        parents=_names(item.get("Parents")),
        aliases=_names(item.get("Aliases")),
        categories=_names(item.get("Categories")),
        instances=tuple(_instances(item.get("Instances"))),
    )


def _instances(items: Any) -> Iterable[FoundInstance]:
    for item in items[:_MOST_INSTANCES] if isinstance(items, list) else ():
        box = item.get("BoundingBox") if isinstance(item, Mapping) else None
        if not isinstance(box, Mapping):
            continue
        sides = [_number(box.get(side)) for side in ("Left", "Top", "Width", "Height")]
        confidence = _number(item.get("Confidence"))
        if confidence is None or any(side is None for side in sides):
            continue
        clamped = BoundingBox.clamped(*(side for side in sides if side is not None))
        if clamped.area > 0:
            yield FoundInstance(clamped, _percent(confidence))


def _names(items: Any) -> tuple[str, ...]:
    found = (
        [_name(item.get("Name")) for item in items if isinstance(item, Mapping)]
        if isinstance(items, list)
        else []
    )
    return tuple(dict.fromkeys(name for name in found if name))[:_MOST_NAMES]


def _name(value: Any) -> str:
    """A name as it may be stored: printable text of at most 100 characters, or "" if it is none."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(c if c.isprintable() else " " for c in value[: _LONGEST_NAME * 4]).split())[
        :_LONGEST_NAME
    ]


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _percent(value: float) -> float:
    return min(max(value, 0.0), 100.0)


def _storable(value: Any) -> Any:
    """JSON that both databases take: PostgreSQL refuses NUL characters, and JSON knows no NaN."""
    if isinstance(value, Mapping):
        return {_storable(str(name)): _storable(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float) else str(value)
