"""The labels of one photo as its owner is shown them: what stands, who says so, what was rejected."""

import dataclasses
from typing import Final, Literal, cast

from gallery.models import Detection, Label, Photo, Verdict

State = Literal["suggested", "confirmed", "rejected"]
Source = Literal["rekognition", "user"]
_OWN: Final = 100.0  # the confidence of what only its owner says


@dataclasses.dataclass(frozen=True)
class LabelOnPhoto:
    """`confidence` 0 to 100. `detection` is None for what was rejected before any machine told it."""

    label: Label
    detection: Detection | None
    confidence: float
    certainty: float
    state: State
    source: Source

    @property
    def implied(self) -> bool:
        return self.detection is not None and self.detection.implied


def labels_on(photo: Photo, *, rejected: bool = False) -> list[LabelOnPhoto]:
    """Surest first; categories are no labels. Needs `Photo.objects.with_labels()`. `rejected`: those, too."""
    verdicts = {said.label_id: said for said in photo.verdicts.all()}
    rows = {row.label_id: row for row in photo.detections.all() if row.label.kind != Label.Kind.CATEGORY}
    found = [
        _on_photo(row.label, row, verdicts.get(pk))
        for pk, row in rows.items()
        if row.certainty >= 0 or (rejected and pk in verdicts)
    ]
    if rejected:
        refused = [said for pk, said in verdicts.items() if pk not in rows]
        found += [_on_photo(said.label, None, said) for said in refused]
    return sorted(found, key=lambda one: (-one.certainty, one.label.name))


def _on_photo(label: Label, row: Detection | None, said: Verdict | None) -> LabelOnPhoto:
    told = row.confidence if row else 0.0
    return LabelOnPhoto(
        label=label,
        detection=row,
        confidence=_OWN if told is None else told,
        certainty=row.certainty if row else -1.0,
        state=cast("State", said.state) if said else "suggested",
        source="user" if told is None or row is None else "rekognition",
    )
