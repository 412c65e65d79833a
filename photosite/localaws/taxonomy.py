"""Rekognition's words for what the two networks know: names, parents, aliases and categories.

`models/rekognition_labels.json` holds the words. Its parts: `labels` by name, each with its direct parents,
its aliases and its category (a label without one has its first parent's); `detector` from COCO category id
to label; `class_labels`, `class_parents` and `group_labels` correct the names and parents that come with the
1000 classes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WORDS_FILE: Final = "rekognition_labels.json"
CLASSES_FILE: Final = "imagenet_taxonomy.json"

CATEGORIES: Final = frozenset({
    "Actions", "Animals and Pets", "Apparel and Accessories", "Beauty and Personal Care",
    "Buildings and Architecture", "Colors and Visual Composition", "Damage Detection", "Education",
    "Events and Attractions", "Everyday Objects", "Expressions and Emotions", "Food and Beverage",
    "Furniture and Furnishings", "Health and Fitness", "Hobbies and Interests", "Home and Indoors",
    "Home Appliances", "Kitchen and Dining", "Materials", "Medical", "Nature and Outdoors",
    "Offices and Workspaces", "Patterns and Shapes", "Performing Arts", "Person Description",
    "Plants and Flowers", "Popular Landmarks", "Profession", "Public Safety", "Religion", "Sports",
    "Symbols and Flags", "Technology and Computing", "Text and Documents", "Tools and Machinery",
    "Toys and Gaming", "Transport and Logistics", "Travel and Adventure", "Vehicles and Automotive",
    "Weapons and Military",
})  # fmt: skip
"""The 40 label categories of Rekognition's label model 3.0."""


@dataclass(frozen=True)
class Word:
    """A label as Rekognition tells it. `parents` are all its ancestors, in alphabetical order."""

    name: str
    parents: tuple[str, ...]
    aliases: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True)
class Taxonomy:
    """All words, and where each network's outputs point.

    `detector` maps a COCO category id to a name; `classes` has one name per class, None for classes that are
    never told; `groups` maps an ancestor to the indices of the classes below it.
    """

    words: Mapping[str, Word]
    detector: Mapping[int, str]
    classes: Sequence[str | None]
    groups: Mapping[str, NDArray[np.intp]]


class _Builder:
    """Joins the two files; the direct parents of every label end in `parents`."""

    def __init__(self, data: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> None:
        self.labels: dict[str, dict[str, Any]] = dict(data["labels"])
        self.data = data
        self.parents: dict[str, tuple[str, ...]] = {
            name: tuple(row.get("parents", ())) for name, row in self.labels.items()
        }
        self.classes = [self._class_name(row) for row in rows]
        self.ancestors = cache(self._ancestors)

    def _class_name(self, row: Mapping[str, Any]) -> str | None:
        if row["skip"]:
            return None
        name: str = self.data["class_labels"].get(row["name"], row["name"])
        if name not in self.parents:
            self.parents[name] = self._class_parents(row)
        return name

    def _class_parents(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        """The most specific of the parents that come with a class."""
        own: list[str] | None = self.data["class_parents"].get(row["name"])
        groups = {self.data["group_labels"].get(name, name) for name in row["parents"]} - {None}
        named = groups if own is None else set(own)
        return tuple(
            sorted(name for name in named if not any(name in self._ancestors(other) for other in named))
        )

    def _ancestors(self, name: str) -> frozenset[str]:
        direct = self.parents[name]
        return frozenset(direct).union(*(self._ancestors(parent) for parent in direct))

    def _category(self, name: str) -> str:
        category: str | None = self.labels.get(name, {}).get("category")
        return category or self._category(self.parents[name][0])

    def word(self, name: str) -> Word:
        aliases = tuple(self.labels.get(name, {}).get("aliases", ()))
        return Word(name, tuple(sorted(self.ancestors(name))), aliases, (self._category(name),))

    def groups(self) -> dict[str, NDArray[np.intp]]:
        members: dict[str, list[int]] = {}
        for index, name in enumerate(self.classes):
            for ancestor in self.ancestors(name) if name else ():
                members.setdefault(ancestor, []).append(index)
        return {name: np.array(indices, np.intp) for name, indices in members.items()}


def load_taxonomy(folder: Path) -> Taxonomy:
    """The taxonomy from the two files in `folder`."""
    data = json.loads((folder / WORDS_FILE).read_text(encoding="utf-8"))
    rows = json.loads((folder / CLASSES_FILE).read_text(encoding="utf-8"))
    builder = _Builder(data, rows)
    return Taxonomy(
        words={name: builder.word(name) for name in builder.parents},
        detector={int(number): name for number, name in data["detector"].items()},
        classes=builder.classes,
        groups=builder.groups(),
    )
