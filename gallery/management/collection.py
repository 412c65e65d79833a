"""The demo's photographs with what is said of them, from gallery/demo/photos.toml."""

import dataclasses
import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings

FOLDER: Final = Path(settings.BASE_DIR) / "gallery" / "demo"
PHOTOS: Final = FOLDER / "photos"
_LAST_DAY: Final = 28  # of a February that has no 29th


@dataclasses.dataclass(frozen=True)
class Shot:
    """One photograph; `taken` by the clock on the wall there, `album` "" for none."""

    path: Path
    taken: datetime
    caption: str = ""
    album: str = ""
    favourite: bool = False


def shots(today: date) -> list[Shot]:
    """All of them, oldest first. Some were taken on this day of earlier years, whatever day it is."""
    rows = tomllib.loads((FOLDER / "photos.toml").read_text(encoding="utf-8"))["photo"]
    return sorted((_shot(row, today) for row in rows), key=lambda shot: shot.taken)


def _shot(row: dict[str, Any], today: date) -> Shot:
    said = {name: row[name] for name in ("caption", "album", "favourite") if name in row}
    taken = row.get("taken") or datetime.combine(_years_before(today, row["years_ago"]), row["at"])
    return Shot(PHOTOS / row["file"], taken, **said)


def _years_before(today: date, years: int) -> date:
    try:
        return today.replace(year=today.year - years)
    except ValueError:
        return today.replace(year=today.year - years, day=_LAST_DAY)
