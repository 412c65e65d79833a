"""What is known of a photo beside its file: what its owner said of it elsewhere, before it came here."""

import dataclasses
from datetime import datetime
from typing import Any, Final

from gallery.intake.taken import Taken


@dataclasses.dataclass(frozen=True)
class Told:
    """Where the file says when and where it was taken, that stands.

    `position`: latitude and longitude in degrees; `altitude` in metres; `written`: the file's own time, which counts
    where nothing else, not even its name, tells when it was taken.
    """

    taken: Taken | None = None
    written: Taken | None = None
    position: tuple[float, float] | None = None
    altitude: float | None = None
    caption: str = ""
    favourite: bool = False
    archived: bool = False

    def fields(self, now: datetime) -> dict[str, Any]:
        """Of the photo's row, but for when it was taken."""
        latitude, longitude = self.position or (None, None)
        return {
            "latitude": latitude,
            "longitude": longitude,
            "altitude": self.altitude,
            "caption": self.caption,
            "caption_by_owner": bool(self.caption),
            "favourite_at": now if self.favourite else None,
            "archived_at": now if self.archived else None,
        }


NOTHING: Final = Told()
