"""From what the networks saw to the labels that Rekognition would tell: merged, calibrated, with parents."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from photosite.localaws import calibration
from photosite.localaws.boxes import Box
from photosite.localaws.networks import Detection, Sight
from photosite.localaws.taxonomy import Taxonomy, Word

Colors = Callable[[Box], list[dict[str, Any]]]

LEAF_FLOOR: Final = 0.02
GROUP_FLOOR: Final = 0.05
"""Probabilities below these would get a confidence near 10: nobody asks for them."""


@dataclass(frozen=True)
class Instance:
    """Where a label was seen, and how sure that one is, in percent."""

    box: Box
    confidence: float


@dataclass(frozen=True)
class Label:
    """One label of the answer; `confidence` in percent."""

    word: Word
    confidence: float
    instances: tuple[Instance, ...] = ()


@dataclass(frozen=True)
class Choice:
    """Which labels a caller wants: MinConfidence, MaxLabels and the four filters of GeneralLabels."""

    min_confidence: float = 55.0
    max_labels: int = 1000
    names: frozenset[str] = frozenset()
    not_names: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    not_categories: frozenset[str] = frozenset()

    def wants(self, label: Label) -> bool:
        """Whether a label passes. Named by name or by category it is in; an exclusion always wins."""
        word, categories = label.word, frozenset(label.word.categories)
        if (
            label.confidence < self.min_confidence
            or word.name in self.not_names
            or categories & self.not_categories
        ):
            return False
        return (
            not (self.names or self.categories)
            or word.name in self.names
            or bool(categories & self.categories)
        )


def all_labels(sight: Sight, taxonomy: Taxonomy) -> list[Label]:
    """Every label with some ground for it, surest first; at equal confidence parents come before children."""
    instances = _instances(sight.detections, taxonomy)
    found: dict[str, float] = {}
    _raise_to(found, ((name, max(one.confidence for one in ones)) for name, ones in instances.items()))
    _raise_to(found, _leaves(sight, taxonomy))
    _raise_to(found, _groups(sight, taxonomy))
    _raise_to(found, _implied(found, taxonomy))
    labels = [Label(taxonomy.words[name], sure, instances.get(name, ())) for name, sure in found.items()]
    return sorted(labels, key=lambda one: (-one.confidence, len(one.word.parents), one.word.name))


def chosen(labels: Iterable[Label], choice: Choice) -> list[Label]:
    """The labels that the caller wants, without the instances that are less sure than MinConfidence."""
    wanted = [_trimmed(label, choice.min_confidence) for label in labels if choice.wants(label)]
    return wanted[: choice.max_labels]


def _trimmed(label: Label, floor: float) -> Label:
    return Label(
        label.word, label.confidence, tuple(one for one in label.instances if one.confidence >= floor)
    )


def _raise_to(found: dict[str, float], evidence: Iterable[tuple[str, float]]) -> None:
    for name, sure in list(evidence):
        found[name] = max(sure, found.get(name, 0.0))


def _instances(detections: Iterable[Detection], taxonomy: Taxonomy) -> dict[str, tuple[Instance, ...]]:
    seen: dict[str, tuple[Instance, ...]] = {}
    for one in detections:
        name = taxonomy.detector.get(one.category)
        if name is not None:
            sure = calibration.confidence(calibration.DETECTOR, one.score)
            seen[name] = (*seen.get(name, ()), Instance(one.box, sure))
    return seen


def _leaves(sight: Sight, taxonomy: Taxonomy) -> Iterator[tuple[str, float]]:
    """Classes of the classifier; those with the same label (two kinds of laptop) count together."""
    sums: dict[str, float] = {}
    for name, probability in zip(taxonomy.classes, sight.probabilities, strict=True):
        if name is not None:
            sums[name] = sums.get(name, 0.0) + float(probability)
    for name, total in sums.items():
        if total >= LEAF_FLOOR:
            yield name, calibration.confidence(calibration.LEAF, total)


def _groups(sight: Sight, taxonomy: Taxonomy) -> Iterator[tuple[str, float]]:
    """Ancestors by the sum of everything below them: sure of a dog where no breed is sure."""
    for name, members in taxonomy.groups.items():
        total = float(sight.probabilities[members].sum())
        if total >= GROUP_FLOOR:
            yield name, calibration.confidence(calibration.GROUP, total)


def _implied(found: Mapping[str, float], taxonomy: Taxonomy) -> Iterator[tuple[str, float]]:
    """A parent is at least as sure as its surest child."""
    for name, sure in found.items():
        yield from ((parent, sure) for parent in taxonomy.words[name].parents)


def label_document(label: Label, colors: Colors | None = None) -> dict[str, Any]:
    """A label in the shape that DetectLabels answers with; `colors` tells the dominant colours in a box."""
    return {
        "Name": label.word.name,
        "Confidence": label.confidence,
        "Instances": [_instance_document(one, colors) for one in label.instances],
        "Parents": [{"Name": name} for name in label.word.parents],
        "Aliases": [{"Name": name} for name in label.word.aliases],
        "Categories": [{"Name": name} for name in label.word.categories],
    }


def _instance_document(one: Instance, colors: Colors | None) -> dict[str, Any]:
    document: dict[str, Any] = {"BoundingBox": one.box.document(), "Confidence": one.confidence}
    return document if colors is None else {**document, "DominantColors": colors(one.box)}
