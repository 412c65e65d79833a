"""Whether more than a still picture is in a file: an animation, or a motion photo, with a video behind its picture."""

from __future__ import annotations

from typing import Literal

from gallery.imaging.metadata.xmp import Xmp
from gallery.imaging.walks.outline import Data, Outline

Kind = Literal["still", "animated", "motion"]

# Google's, of 2017 and of today (developer.android.com/media/platform/motion-photo-format).
_SAYS_SO = ("GCamera:MicroVideo", "GCamera:MotionPhoto")
# Samsung's: parts behind the picture, each with its name, and a list of them at the very end.
_SAMSUNG_END, _SAMSUNG_PART = b"SEFT", b"MotionPhoto_Data"
_VIDEO = b"ftyp"  # as every MP4 begins; in a HEIF so does the file itself


def kind_of(data: Data, outline: Outline, xmp: Xmp) -> Kind:
    """A copy that lost its video often says still that it has one, so both must be there."""
    if outline.animated:
        return "animated"
    of_google = any(xmp.get(name, ())[:1] == ("1",) for name in _SAYS_SO)
    of_samsung = data[-len(_SAMSUNG_END) :] == _SAMSUNG_END and data.find(_SAMSUNG_PART) > 0
    return "motion" if (of_google or of_samsung) and data.find(_VIDEO, 8) > 0 else "still"
