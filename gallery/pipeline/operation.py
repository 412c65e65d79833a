"""What a paid operation of Rekognition is to the pipeline: how it is asked, read and written down."""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gallery.geometry import turned
from gallery.labelling.answer import FoundLabel
from gallery.models import Photo

Raw = Mapping[str, Any]
Labels = Callable[[Raw], tuple[FoundLabel, ...]]


def _nothing_more(_features: Sequence[str]) -> Raw:
    return {}


@dataclasses.dataclass(frozen=True)
class Operation:
    """`name`: as Rekognition, its price list and IAM call it.

    `read` makes what was found of a raw answer, and raises Unusable for what is none; of `nothing` it makes that
    nothing was found. `save(photo, found, version)` puts it over what was said before, in the caller's transaction
    that holds the photo. `request`: the members beside the picture, given the priced features that are wanted.
    `version`: the member that names the model, "" where none does. `kind` and `labels`: for what tells labels.
    """

    name: str
    read: Callable[[Raw], Any]
    save: Callable[[Photo, Any, str], None]
    nothing: Raw
    request: Callable[[Sequence[str]], Raw] = _nothing_more
    version: str = ""
    kind: str = ""
    labels: Labels | None = None

    def found(self, raw: Raw, quarter_turns: int) -> Any:
        """As `read`, with boxes as they lie on the original as it came; the picture that was sent had been turned."""
        return turned(self.read(raw), -quarter_turns)
