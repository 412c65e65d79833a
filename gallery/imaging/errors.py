"""Why a picture is refused, in words, and the one error that is not the picture's fault."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

KEPT = "JPEG, PNG, WebP, GIF, HEIC, AVIF and TIFF"


@dataclass(frozen=True)
class Reason:
    """A stable code for programs and a sentence for people: the cause, then the cure.

    The sentence is a %-template, so that it can be looked up by gettext before its values are filled in.
    """

    code: str
    sentence: str


_ONLY = f"Photosite keeps photographs only: {KEPT}."
_AGAIN = "Send the original again, or open it in a photo program and save it anew."

# Keyed by what was found. Codes of `inspect`: empty, unsupported_format (415), truncated, damaged and
# too_many_pixels (422); `undecodable` and `limits` come only from `develop`.
REASONS: Mapping[str, Reason] = {
    "empty": Reason("empty", "The file is empty: it has no bytes at all. Send the original again."),
    "photo": Reason(
        "unsupported_format",
        f"This is %(what)s. Photosite keeps {KEPT} for now: save a copy as JPEG and send that.",
    ),
    "video": Reason("unsupported_format", f"This is %(what)s. {_ONLY}"),
    "audio": Reason("unsupported_format", f"This is %(what)s. {_ONLY}"),
    "drawing": Reason(
        "unsupported_format", f"This is %(what)s. {_ONLY} Save the drawing as PNG and send that."
    ),
    "document": Reason("unsupported_format", f"This is %(what)s, not a photograph. {_ONLY}"),
    "program": Reason("unsupported_format", f"This is %(what)s, not a photograph. {_ONLY}"),
    "archive": Reason(
        "unsupported_format", "This is %(what)s. Unpack it and send the photographs that are in it."
    ),
    "unknown": Reason("unsupported_format", f"This is no picture that Photosite knows. It keeps {KEPT}."),
    "rare_jpeg": Reason(
        "unsupported_format",
        "This is a JPEG of a rare kind (lossless, 12-bit or layered) that hardly any program can show. "
        "Save a copy as ordinary JPEG and send that.",
    ),
    "truncated": Reason(
        "truncated",
        "The file stops in the middle of the picture. It was probably cut short while being copied; "
        "send the original again.",
    ),
    "damaged": Reason(
        "damaged", f"The file says it is a %(what)s, but what is in it does not fit together. {_AGAIN}"
    ),
    "pieces": Reason(
        "damaged",
        "The file is cut into far more pieces than a photograph needs. "
        "Open it in a photo program and save it anew.",
    ),
    "too_many_pixels": Reason(
        "too_many_pixels",
        "The picture is %(width)s by %(height)s pixels: more than the %(limit)s megapixels that "
        "Photosite can take for a picture of this kind. Send a smaller copy.",
    ),
    "undecodable": Reason(
        "undecodable", f"The picture is broken inside: it can't be read to its end. {_AGAIN}"
    ),
    "limits": Reason(
        "limits",
        "The picture is too hard to decode within the memory and time that one picture may take. "
        "Save a copy as ordinary JPEG and send that.",
    ),
}


class Refused(Exception):
    """The picture is not taken: `code` for programs, `sentence` for its owner.

    `key` and `values` name the entry of REASONS and what fills it, for translation and for the wire.
    """

    def __init__(
        self, code: str, sentence: str, *, key: str = "", values: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.key = key
        self.values = dict(values or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.sentence}"


class Interrupted(Exception):
    """The work could not be finished, and not because of the picture (disk full, child killed from outside).

    The same call may well succeed later; nothing was left behind.
    """


def refusal(key: str, **values: str) -> Refused:
    """The `Refused` for an entry of REASONS. Raises KeyError for an unknown key or a missing value."""
    reason = REASONS[key]
    return Refused(reason.code, reason.sentence % values, key=key, values=values)
