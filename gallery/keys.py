"""Object keys: pure functions of UUIDs and specs, never of what a user typed. Relative to their storage alias."""

import uuid


def original(photo_id: uuid.UUID) -> str:
    return f"{photo_id}"


def rendition(photo_id: uuid.UUID, spec_tag: str, extension: str) -> str:
    """`spec_tag` tells how it is made, so a changed specification makes a new key and a re-run the same one."""
    return f"{photo_id}/{spec_tag}.{extension}"
