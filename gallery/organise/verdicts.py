"""What an owner says about labels: right, wrong, or one that no machine saw. It outlives every relabelling."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from gallery.exceptions import Refusal
from gallery.folding import fold
from gallery.models import Label, LabelName, Photo, Verdict
from gallery.pipeline.detections import settle

_LONGEST: Final = 100
_MOST: Final = 200


def say(
    owner_id: UUID, photo_ids: Sequence[UUID], name: str, state: str | None, kind: str = "label"
) -> list[UUID]:
    """This owner's photos among `photo_ids` get a verdict, or lose theirs with `state` None.

    A name that is not on a photo is added as its owner's own when it is confirmed. The ids of the photos it was said
    of. Raises Refusal for a name that can be none. A fixed number of statements, however many photos.
    """
    label = _label(name, kind, make=state is not None)
    with transaction.atomic():
        photos = list(Photo.objects.locked().filter(owner_id=owner_id, pk__in=photo_ids))
        if label is None or not photos:
            return []
        if state is None:
            Verdict.objects.filter(photo__in=photos, label=label).delete()
        else:
            _write(photos, label, state)
        settle([photo.pk for photo in photos])
    return [photo.pk for photo in photos]


def clean_name(name: str) -> str:
    """A label's name as it may be stored. Raises Refusal if nothing is left of it, or too much."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not fold(clean) or len(clean) > _LONGEST:
        raise Refusal("bad_label", _("A label has 1 to %(most)d characters.") % {"most": _LONGEST}, 422)
    return clean


def _label(name: str, kind: str, *, make: bool) -> Label | None:
    """The label of this name whatever its case; a new one for a word that nobody has used before."""
    clean = clean_name(name)
    label: Label | None = Label.objects.called(clean, kind).first()
    if label is None and make:
        label, _made = Label.objects.get_or_create(folded=fold(clean), kind=kind, defaults={"name": clean})
        LabelName.objects.get_or_create(label=label, folded=label.folded)
    return label


def _write(photos: list[Photo], label: Label, state: str) -> None:
    others = Verdict.objects.filter(photo__in=photos).exclude(label=label)
    if others.values("photo").annotate(count=Count("pk")).filter(count__gte=_MOST).exists():
        sentence = _("A photo takes at most %(most)d verdicts. Take another one back first.")
        raise Refusal("too_many_verdicts", sentence % {"most": _MOST}, 422)
    now = timezone.now()
    Verdict.objects.bulk_create(
        (
            Verdict(photo=photo, label=label, owner_id=photo.owner_id, state=state, said_at=now)
            for photo in photos
        ),
        update_conflicts=True,
        unique_fields=["photo", "label"],
        update_fields=["state", "said_at"],
    )
