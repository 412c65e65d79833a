"""Writes what stands on photos: what a machine said, what the owner said, and the counters, in one transaction."""

import dataclasses
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef

from gallery.folding import fold
from gallery.labelling.answer import FoundLabel
from gallery.labelling.standing import Claim, Key, Standing, standing
from gallery.models import Detection, Instance, Label, LabelName, OwnerLabel, Photo, Verdict

_WRITTEN: Final = ("confidence", "certainty", "implied", "model_version")


@dataclasses.dataclass
class _Page:
    """One photo, locked, with the rows that say what is on it."""

    photo: Photo
    rows: dict[Key, Detection]
    verdicts: dict[Key, Verdict]

    def told(self) -> dict[Key, Claim]:
        return {key: _claim(row) for key, row in self.rows.items() if _is_told(row)}

    def standing(self, told: Mapping[Key, Claim]) -> dict[Key, Standing]:
        """What is to stand. What the owner confirmed and no machine told is a claim of its own."""
        own = [
            _word(verdict.label)
            for key, verdict in self.verdicts.items()
            if verdict.state == Verdict.State.CONFIRMED and key not in told
        ]
        return standing([*told.values(), *own], {key: said.state for key, said in self.verdicts.items()})


def replace_detections(
    photo: Photo, found: Iterable[FoundLabel], model_version: str, *, kind: str = "label"
) -> None:
    """All that a machine said of this kind about a photo becomes `found`. Verdicts stay. Runs inside a transaction."""
    (page,) = _pages([photo.pk])
    new = {(fold(item.name), kind): item for item in found if fold(item.name)}
    told = {key: claim for key, claim in page.told().items() if key[1] != kind}
    told |= {key: _found_claim(item, kind) for key, item in new.items()}
    wanted = page.standing(told)
    follows = [key for key, item in wanted.items() if item.implied and item.confidence is not None]
    versions = dict.fromkeys([*new, *follows], model_version)
    rows = _write({photo.pk: (page, wanted)}, _ensure_labels(new, wanted), versions)
    _replace_instances(kind, new, rows)


def settle(photo_ids: Sequence[UUID]) -> None:
    """Works out anew what stands on these photos after a verdict. Runs inside a transaction."""
    pages = {page.photo.pk: (page, page.standing(page.told())) for page in _pages(photo_ids)}
    wanted = {key: item for _, found in pages.values() for key, item in found.items()}
    _write(pages, _ensure_labels({}, wanted), {})


def _pages(photo_ids: Sequence[UUID]) -> list[_Page]:
    photos = list(Photo.objects.locked().filter(pk__in=photo_ids))
    rows: dict[UUID, dict[Key, Detection]] = defaultdict(dict)
    boxed = Exists(Instance.objects.filter(detection=OuterRef("pk")))
    for row in Detection.objects.filter(photo__in=photos).select_related("label").annotate(boxed=boxed):
        rows[row.photo_id][row.label.folded, row.label.kind] = row
    verdicts: dict[UUID, dict[Key, Verdict]] = defaultdict(dict)
    for said in Verdict.objects.filter(photo__in=photos).select_related("label"):
        verdicts[said.photo_id][said.label.folded, said.label.kind] = said
    return [_Page(photo, rows[photo.pk], verdicts[photo.pk]) for photo in photos]


def _is_told(row: Detection) -> bool:
    return row.confidence is not None and not row.implied


def _claim(row: Detection) -> Claim:
    boxed: bool = row.boxed  # type: ignore[attr-defined]  # annotated by _pages
    return dataclasses.replace(_word(row.label), confidence=row.confidence, boxed=boxed)


def _word(label: Label) -> Claim:
    return Claim(label.name, label.kind, None, tuple(label.parents), tuple(label.categories))


def _found_claim(item: FoundLabel, kind: str) -> Claim:
    return Claim(item.name, kind, item.confidence, item.parents, item.categories, boxed=bool(item.instances))


def _write(
    pages: Mapping[UUID, tuple[_Page, dict[Key, Standing]]],
    labels: Mapping[Key, Label],
    versions: Mapping[Key, str],
) -> dict[Key, Detection]:
    """Makes the rows what they are to be, with as few writes as it takes; the counters follow.

    `versions`: the model behind what was told anew. Answers the rows of the last photo by key.
    """
    made: list[Detection] = []
    changed: list[Detection] = []
    gone: list[int] = []
    rows: dict[Key, Detection] = {}
    for page, wanted in pages.values():
        before = _counts(page, page.rows.values())
        rows = {key: page.rows.get(key) or _new(page.photo, labels[key]) for key in wanted}
        for key, row in rows.items():
            if _becomes(row, wanted[key], versions.get(key)):
                (changed if row.pk else made).append(row)
        gone += [row.pk for key, row in page.rows.items() if key not in wanted]
        _count(page, before, _counts(page, rows.values()))
        _veil(page.photo, rows.values())
    Detection.objects.filter(pk__in=gone).delete()
    Detection.objects.bulk_create(made)
    Detection.objects.bulk_update(changed, _WRITTEN, batch_size=200)
    return rows


def _new(photo: Photo, label: Label) -> Detection:
    return Detection(
        photo=photo,
        label=label,
        owner_id=photo.owner_id,
        taken_local=photo.taken_local,
        trashed=photo.trashed_at is not None,
    )


def _becomes(row: Detection, item: Standing, version: str | None) -> bool:
    """Whether the row had to change; a new one had."""
    before = tuple(getattr(row, name) for name in _WRITTEN)
    row.confidence, row.certainty, row.implied = item.confidence, item.certainty, item.implied
    if version is not None:
        row.model_version = version
    elif item.confidence is None:
        row.model_version = ""
    return before != tuple(getattr(row, name) for name in _WRITTEN)


def _counts(page: _Page, rows: Iterable[Detection]) -> dict[int, tuple[int, int]]:
    """{label: (1, whether it is shown)} of the labels that stand, as they count for the owner."""
    if page.photo.trashed_at is not None:
        return {}
    shown = settings.SHOWN_CONFIDENCE
    return {row.label_id: (1, int(row.certainty >= shown)) for row in rows if row.certainty >= 0}


def _count(page: _Page, before: Mapping[int, tuple[int, int]], after: Mapping[int, tuple[int, int]]) -> None:
    nothing = (0, 0)
    deltas = {}
    for label in before.keys() | after.keys():
        was, now = before.get(label, nothing), after.get(label, nothing)
        deltas[label] = (now[0] - was[0], now[1] - was[1])
    OwnerLabel.objects.add(page.photo.owner_id, deltas)


def _veil(photo: Photo, rows: Iterable[Detection]) -> None:
    veiled = any(row.label.kind == Label.Kind.MODERATION and row.certainty >= 0 for row in rows)
    if veiled != photo.veiled:
        Photo.objects.filter(pk=photo.pk).update(veiled=veiled)


def _replace_instances(kind: str, found: Mapping[Key, FoundLabel], rows: Mapping[Key, Detection]) -> None:
    Instance.objects.filter(detection__in=[row.pk for key, row in rows.items() if key[1] == kind]).delete()
    Instance.objects.bulk_create(
        Instance(
            detection=rows[key],
            left=instance.box.left,
            top=instance.box.top,
            width=instance.box.width,
            height=instance.box.height,
            confidence=instance.confidence,
            colours=list(instance.colours),
        )
        for key, item in found.items()
        for instance in item.instances
    )


def _ensure_labels(found: Mapping[Key, FoundLabel], wanted: Mapping[Key, Standing]) -> dict[Key, Label]:
    """The Label rows of all that is wanted. Words that a machine tells newly about a known one replace the old."""
    known = _labels(wanted)
    missing = sorted(key for key in wanted if key not in known)
    Label.objects.bulk_create(
        [Label.of(wanted[key].name, wanted[key].kind, **_words(found.get(key))) for key in missing],
        ignore_conflicts=True,
    )
    for key, label in known.items():
        _refresh(label, found.get(key))
    made = _labels(missing) if missing else {}
    _name(made.values())
    return known | made


def _labels(keys: Iterable[Key]) -> dict[Key, Label]:
    rows = Label.objects.filter(folded__in=sorted({folded for folded, _ in keys}))
    return {(row.folded, row.kind): row for row in rows}


def _words(item: FoundLabel | None) -> dict[str, list[str]]:
    if item is None:
        return {}
    return {
        "aliases": list(item.aliases),
        "parents": list(item.parents),
        "categories": list(item.categories),
        "links": list(item.links),
    }


def _refresh(label: Label, item: FoundLabel | None) -> None:
    words = _words(item)
    if any(getattr(label, name) != value for name, value in words.items()):
        Label.objects.filter(pk=label.pk).update(**words)
        for name, value in words.items():
            setattr(label, name, value)
        _name([label])


def _name(labels: Iterable[Label]) -> None:
    """What each of them answers to. An alias that is no longer told stays: somebody may search for it."""
    LabelName.objects.bulk_create(
        [
            LabelName(label=label, folded=folded)
            for label in labels
            for folded in sorted({label.folded, *map(fold, label.aliases)} - {""})
        ],
        ignore_conflicts=True,
    )
