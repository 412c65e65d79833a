"""Replaces what a machine said about a photo, with the owner's counters, in the caller's transaction."""

from gallery.labelling.answer import Answer, FoundLabel
from gallery.labelling.taxonomy import with_implied_parents
from gallery.models import Detection, Instance, Label, OwnerLabel, Photo


def replace_detections(photo: Photo, answer: Answer) -> None:
    """All detections and instances of this photo become those of `answer`. Runs inside a transaction."""
    found = with_implied_parents(answer.labels)
    labels = _ensure_labels(found)
    live = Photo.objects.select_for_update().filter(pk=photo.pk).values("taken_local", "trashed_at").get()
    before = Detection.objects.filter(photo=photo)
    was = set(before.values_list("label_id", flat=True))
    before.delete()
    detections = Detection.objects.bulk_create(
        Detection(
            photo=photo,
            label=labels[item.name],
            owner_id=photo.owner_id,
            taken_local=live["taken_local"],
            confidence=item.confidence,
            implied=item.implied,
            model_version=answer.model_version,
        )
        for item in found
    )
    Instance.objects.bulk_create(
        Instance(
            detection=detection,
            left=instance.box.left,
            top=instance.box.top,
            width=instance.box.width,
            height=instance.box.height,
            confidence=instance.confidence,
        )
        for detection, item in zip(detections, found, strict=True)
        for instance in item.instances
    )
    if live["trashed_at"] is None:
        now = {label.pk for label in labels.values()}
        OwnerLabel.objects.add(photo.owner_id, dict.fromkeys(now - was, 1) | dict.fromkeys(was - now, -1))


def _ensure_labels(found: tuple[FoundLabel, ...]) -> dict[str, Label]:
    """The Label rows of these names. Words that the model tells newly about a known one replace the old."""
    names = sorted(item.name for item in found)
    known = Label.objects.in_bulk(names, field_name="name")
    told = {item.name: item for item in found}
    missing = [name for name in names if name not in known]
    Label.objects.bulk_create(
        [
            Label(
                name=name,
                aliases=list(told[name].aliases),
                parents=list(told[name].parents),
                categories=list(told[name].categories),
            )
            for name in missing
        ],
        ignore_conflicts=True,
    )
    for name, label in known.items():
        _refresh(label, told[name])
    return known | Label.objects.in_bulk(missing, field_name="name") if missing else known


def _refresh(label: Label, item: FoundLabel) -> None:
    words = {
        "aliases": list(item.aliases),
        "parents": list(item.parents),
        "categories": list(item.categories),
    }
    if not item.implied and any(getattr(label, name) != value for name, value in words.items()):
        Label.objects.filter(pk=label.pk).update(**words)
