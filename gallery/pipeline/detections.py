"""Writes what stands on photos: what a machine said, what the owner said, and the counters, in one transaction."""

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, OuterRef

from gallery.folding import fold
from gallery.labelling.answer import FoundLabel
from gallery.labelling.standing import Claim, Key, Standing, standing
from gallery.models import Detection, Instance, Label, OwnerLabel, Photo, Verdict, by_hand
from gallery.pipeline import terms

_READ: Final = ("owner_id", "taken_local", "trashed_at", "veiled")
_WRITTEN: Final = ("confidence", "certainty", "implied", "model_version")


@dataclasses.dataclass(frozen=True)
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
    """All that a machine said of this kind about a photo becomes `found`. Verdicts stay. Runs inside a transaction.

    Nothing happens if the photo was deleted meanwhile.
    """
    ascending = sorted(
        found, key=lambda item: item.confidence
    )  # of names that fold to the same the surest stays
    new = {(fold(item.name), kind): item for item in ascending if fold(item.name)}
    for page in _pages([photo.pk]):
        told = {key: claim for key, claim in page.told().items() if key[1] != kind}
        told |= {key: _found_claim(item, kind, model_version) for key, item in new.items()}
        _forget_instances(row for key, row in page.rows.items() if key[1] == kind and _is_boxed(row))
        (rows,) = _write([(page, page.standing(told))], new)
        _add_instances((rows[key], item) for key, item in new.items())


def settle(photo_ids: Sequence[UUID]) -> None:
    """Works out anew what stands on these photos after a verdict. Runs inside a transaction."""
    _write([(page, page.standing(page.told())) for page in _pages(photo_ids)], {})


def _pages(photo_ids: Sequence[UUID]) -> list[_Page]:
    photos = by_hand.lock_photos(photo_ids, _READ)
    if len(photos) == 1 and photos[0].blank:  # type: ignore[attr-defined]  # told with its lock
        return [_Page(photos[0], {}, {})]
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


def _is_boxed(row: Detection) -> bool:
    boxed: bool = row.boxed  # type: ignore[attr-defined]  # annotated by _pages
    return boxed


def _claim(row: Detection) -> Claim:
    word = _word(row.label)
    return dataclasses.replace(
        word, confidence=row.confidence, boxed=_is_boxed(row), model_version=row.model_version
    )


def _word(label: Label) -> Claim:
    return Claim(label.name, label.kind, None, tuple(label.parents), tuple(label.categories))


def _found_claim(item: FoundLabel, kind: str, model_version: str) -> Claim:
    return Claim(
        item.name,
        kind,
        item.confidence,
        item.parents,
        item.categories,
        boxed=bool(item.instances),
        model_version=model_version,
    )


def _write(
    pages: Sequence[tuple[_Page, Mapping[Key, Standing]]], told: Mapping[Key, FoundLabel]
) -> list[dict[Key, Detection]]:
    """Makes the rows what they are to be, in as many statements for one photo as for many; the counters follow.

    Answers the rows of each photo by key. `told`: what a machine tells of the terms themselves.
    """
    names = {key: item.name for _, wanted in pages for key, item in wanted.items()}
    labels = terms.ensure(names, told)
    before = [_counts(page, page.rows.values()) for page, _ in pages]
    rows = [
        {key: page.rows.get(key) or _new(page.photo, labels[key]) for key in wanted} for page, wanted in pages
    ]
    changed = [
        row
        for (_, wanted), mine in zip(pages, rows, strict=True)
        for key, row in mine.items()
        if _becomes(row, wanted[key])
    ]
    made = [row for row in changed if row._state.adding]
    others = [row for row in changed if not row._state.adding]
    gone = [row.pk for page, wanted in pages for key, row in page.rows.items() if key not in wanted]
    if gone:
        Detection.objects.filter(pk__in=gone).delete()
    Detection.objects.bulk_create(made)
    Detection.objects.bulk_update(others, _WRITTEN, batch_size=200)
    _veil(pages, rows)
    _count(pages, before, rows)
    return rows


def _new(photo: Photo, label: Label) -> Detection:
    return Detection(
        photo=photo,
        label=label,
        owner_id=photo.owner_id,
        taken_local=photo.taken_local,
        trashed=photo.trashed_at is not None,
    )


def _becomes(row: Detection, item: Standing) -> bool:
    """Whether the row had to change."""
    before = [getattr(row, name) for name in _WRITTEN]
    after = [getattr(item, name) for name in _WRITTEN]
    for name, value in zip(_WRITTEN, after, strict=True):
        setattr(row, name, value)
    return row._state.adding or before != after


def _counts(page: _Page, rows: Iterable[Detection]) -> list[tuple[int, bool]]:
    """(label, whether it is shown) of what stands and counts for the owner."""
    if page.photo.trashed_at is not None:
        return []
    return [(row.label_id, row.certainty >= settings.SHOWN_CONFIDENCE) for row in rows if row.certainty >= 0]


def _count(
    pages: Sequence[tuple[_Page, Any]],
    before: Sequence[list[tuple[int, bool]]],
    rows: Sequence[Mapping[Key, Detection]],
) -> None:
    photos: dict[UUID, Counter[int]] = defaultdict(Counter)
    shown: dict[UUID, Counter[int]] = defaultdict(Counter)
    for (page, _), were, mine in zip(pages, before, rows, strict=True):
        owner = page.photo.owner_id
        for change, counts in ((-1, were), (1, _counts(page, mine.values()))):
            for label, is_shown in counts:
                photos[owner][label] += change
                shown[owner][label] += change * is_shown
    for owner in sorted(photos):
        deltas = {label: (count, shown[owner][label]) for label, count in photos[owner].items()}
        OwnerLabel.objects.add(owner, deltas)


def _veil(pages: Sequence[tuple[_Page, Any]], rows: Sequence[Mapping[Key, Detection]]) -> None:
    """A photo is veiled while a content warning stands on it."""
    for veiled in (True, False):
        others = [
            page.photo.pk
            for (page, _), mine in zip(pages, rows, strict=True)
            if page.photo.veiled != veiled and _warns(mine.values()) == veiled
        ]
        if others:
            Photo.objects.filter(pk__in=others).update(veiled=veiled)


def _warns(rows: Iterable[Detection]) -> bool:
    return any(row.label.kind == Label.Kind.MODERATION and row.certainty >= 0 for row in rows)


def _forget_instances(rows: Iterable[Detection]) -> None:
    if boxed := [row.pk for row in rows]:
        Instance.objects.filter(detection__in=boxed).delete()


def _add_instances(found: Iterable[tuple[Detection, FoundLabel]]) -> None:
    Instance.objects.bulk_create(
        Instance(
            detection=row,
            left=instance.box.left,
            top=instance.box.top,
            width=instance.box.width,
            height=instance.box.height,
            confidence=instance.confidence,
            colours=[dataclasses.asdict(colour) for colour in instance.colours],
        )
        for row, item in found
        for instance in item.instances
    )
