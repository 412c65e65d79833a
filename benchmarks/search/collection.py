"""A made-up library of many owners: photos and what is on them, the same for the same seed. Knows no database.

Labels are the built-in recogniser's words, drawn by Zipf's law, with all their parents and their category. Photos
come in no order, as from a big import: the worst for a database that has to look each one up.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gallery.folding import fold
from photosite.localaws.recognition import MODELS
from photosite.localaws.taxonomy import Word, load_taxonomy

CHUNK: Final = 20_000
LARGEST: Final = 0.4
"""The part of all photos that the first owner has."""
FREQUENT: Final = (
    "Person", "Clothing", "Flower", "Dog", "Car", "Beach", "Cat", "Mountain", "Food", "Boat", "Bicycle", "Bird",
    "Chair", "Tower", "Cake", "Bridge", "Castle", "Bottle", "Guitar", "Horse",
)  # fmt: skip
"""What is drawn most; all else follows in an order of the seed's."""
_CAMERAS: Final = (
    ("Apple", "iPhone 15 Pro"), ("Canon", "Canon EOS R5"), ("samsung", "SM-S918B"), ("NIKON CORPORATION", "NIKON Z 6"),
    ("SONY", "ILCE-7M4"), ("", ""), ("Google", "Pixel 8"), ("FUJIFILM", "X-T5"), ("Leica Camera AG", "LEICA Q2"),
)  # fmt: skip
_CAPTIONS: Final = ("Summer at the sea", "Birthday", "Été à Nice", "In the garden", "On the way home")
_DRAWS: Final = (0.01, 0.12, 0.25, 0.27, 0.18, 0.11, 0.06)
"""How likely a photo shows 0, 1, … things."""
_SECONDS: Final = 15 * 365 * 86_400
_FIRST_MOMENT: Final = np.datetime64("2011-01-01T00:00:00")
Row = tuple[Any, ...]


@dataclasses.dataclass(frozen=True)
class Term:
    """A label or a category; what follows from it is given by its place in `Library.terms`, itself first."""

    word: Word
    kind: str
    follows: tuple[int, ...] = ()


@dataclasses.dataclass(frozen=True)
class Chunk:
    """Some photos by column, `photos["id"]` and so on. The labels on them: places of photo and term, how sure.

    A certainty of 101 was confirmed, one of -1 rejected.
    """

    photos: dict[str, Sequence[Any]]
    photo: NDArray[np.int64]
    term: NDArray[np.int64]
    confidence: NDArray[np.float64]
    certainty: NDArray[np.float64]


@dataclasses.dataclass(frozen=True)
class Library:
    photos: int
    owners: int
    seed: int = 1

    def terms(self) -> list[Term]:
        """Categories last."""
        words = load_taxonomy(MODELS).words
        categories = sorted({name for word in words.values() for name in word.categories})
        place = {name: number for number, name in enumerate(words)}
        above = {name: len(words) + number for number, name in enumerate(categories)}
        labels = [
            Term(
                word,
                "label",
                (place[name], *(place[up] for up in word.parents), *(above[up] for up in word.categories)),
            )
            for name, word in words.items()
        ]
        return labels + [Term(Word(name, (), (), ()), "category") for name in categories]

    def chunks(self) -> Iterator[Chunk]:
        random = np.random.default_rng(self.seed)
        terms = self.terms()
        leaves = [number for number, term in enumerate(terms) if term.kind == "label"]
        first = {name: number for number, name in enumerate(FREQUENT)}
        shuffled = random.permutation(len(leaves)) + len(first)
        ranks = np.array([first.get(terms[leaf].word.name, shuffled[leaf]) for leaf in leaves])
        weights = 1 / (ranks + 3.0)
        follows = [np.array(terms[leaf].follows) for leaf in leaves]
        for begun in range(0, self.photos, CHUNK):
            count = min(CHUNK, self.photos - begun)
            yield Chunk(
                _photos(random, begun, count, self._owners(random, count)),
                *_labels(random, count, weights / weights.sum(), follows),
            )

    def _owners(self, random: np.random.Generator, count: int) -> NDArray[np.int64]:
        """The first has two fifths, the others what is left in equal parts."""
        if self.owners == 1:
            return np.zeros(count, np.int64)
        others = random.integers(1, self.owners, count)
        return np.where(random.random(count) < LARGEST, 0, others)


def _photos(
    random: np.random.Generator, begun: int, count: int, owners: NDArray[np.int64]
) -> dict[str, Sequence[Any]]:
    keys, hashes = random.bytes(16 * count).hex(), random.bytes(32 * count).hex()
    taken = moments(_FIRST_MOMENT + random.integers(0, _SECONDS, count).astype("timedelta64[s]"))
    cameras = random.zipf(1.6, count) % len(_CAMERAS)
    names = [f"IMG_{number:07d}.jpg" for number in range(begun, begun + count)]
    captions = [_caption(number) for number in random.random(count)]
    return {
        "id": [keys[32 * place : 32 * place + 32] for place in range(count)],
        "owner": owners.tolist(),
        "sha256": [hashes[64 * place : 64 * place + 64] for place in range(count)],
        "byte_size": (random.lognormal(15, 0.8, count).astype(np.int64) + 1).tolist(),
        "filename": names,
        "taken_local": taken,
        "camera_make": [_CAMERAS[place][0] for place in cameras],
        "camera_model": [_CAMERAS[place][1] for place in cameras],
        "camera_folded": [fold(" ".join(_CAMERAS[place])) for place in cameras],
        "latitude": _some(random, count, 0.4, random.uniform(-60, 60, count).tolist()),
        "caption": captions,
        "favourite_at": _some(random, count, 0.02, taken),
        "trashed_at": _some(random, count, 0.01, taken),
        "failed": (random.random(count) < 0.001).tolist(),
        "faces": (random.random(count) < 0.1).tolist(),
        "folded": [
            fold(name) + ("\n" + fold(said) if said else "")
            for name, said in zip(names, captions, strict=True)
        ],
    }


def _some(random: np.random.Generator, count: int, part: float, values: Sequence[Any]) -> list[Any]:
    """None for all but a part of the values."""
    return [
        value if chosen else None for value, chosen in zip(values, random.random(count) < part, strict=True)
    ]


def _caption(number: float) -> str:
    """One in twenty has one; one in ten thousand is an invoice."""
    if number < 0.0001:
        return "Invoice of the plumber"
    return _CAPTIONS[int(number * 1000) % len(_CAPTIONS)] if number < 0.05 else ""


def moments(taken: NDArray[np.datetime64]) -> list[str]:
    """As both databases read them: "2024-05-01 12:34:56"."""
    return [text.replace("T", " ") for text in np.datetime_as_string(taken, unit="s").tolist()]


def _labels(
    random: np.random.Generator,
    count: int,
    weights: NDArray[np.float64],
    follows: Sequence[NDArray[np.int64]],
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """What is drawn for each photo with all that follows from it, each once and as sure as the surest."""
    drawn = np.repeat(np.arange(count), random.choice(len(_DRAWS), count, p=_DRAWS))
    leaves = random.choice(len(weights), len(drawn), p=weights)
    sure = np.round(55 + 45 * np.sqrt(random.random(len(drawn))), 4)
    lengths = np.array([len(follows[leaf]) for leaf in leaves])
    photo, confidence = np.repeat(drawn, lengths), np.repeat(sure, lengths)
    term = np.concatenate([follows[leaf] for leaf in leaves])
    order = np.lexsort((-confidence, term, photo))
    photo, term, confidence = photo[order], term[order], confidence[order]
    surest = np.ones(len(photo), bool)
    surest[1:] = (photo[1:] != photo[:-1]) | (term[1:] != term[:-1])
    photo, term, confidence = photo[surest], term[surest], confidence[surest]
    said = random.random(len(photo))
    return photo, term, confidence, np.where(said < 0.001, 101, np.where(said > 0.998, -1, confidence))
