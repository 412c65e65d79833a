"""Places in a list that is ordered by the wall clock, newest first, and the addresses of its pages."""

import base64
import binascii
import dataclasses
from datetime import MAXYEAR, UTC, datetime, timedelta
from typing import Final, Self
from uuid import UUID

from django.db.models import DateTimeField, F, Func, UUIDField, Value
from django.db.models.lookups import GreaterThan, LessThan
from django.utils.translation import gettext

from gallery.exceptions import Refusal

_FIRST_KEY: Final = UUID(int=0)
_LAST_KEY: Final = UUID(int=2**128 - 1)


class _Pair(Func):
    """A row value, which both databases compare from left to right."""

    template = "(%(expressions)s)"
    arity = 2
    output_field = DateTimeField()


@dataclasses.dataclass(frozen=True)
class Cursor:
    """Goes on from a place, which is not part of the page: to what is older, or back to what is newer."""

    taken: datetime
    key: UUID
    newer: bool = False

    @classmethod
    def before(cls, moment: datetime) -> Self:
        """To what is older than this moment."""
        return cls(moment, _FIRST_KEY)

    @classmethod
    def after(cls, moment: datetime) -> Self:
        return cls(moment, _LAST_KEY, newer=True)

    def turned(self) -> Self:
        """Back the way it came: where nothing was found from here on."""
        beside = self.key.int + (1 if self.newer else -1)
        key = UUID(int=min(max(beside, _FIRST_KEY.int), _LAST_KEY.int))
        return dataclasses.replace(self, key=key, newer=not self.newer)

    def where(self, key: str) -> GreaterThan | LessThan:
        """Two columns against two values: the index is entered at the very place, at any depth.

        Said with OR, PostgreSQL would believe in few rows near the end, read all that are left and sort them.
        """
        place = _Pair(Value(self.taken, DateTimeField()), Value(self.key, UUIDField()))
        return (GreaterThan if self.newer else LessThan)(_Pair(F("taken_local"), F(key)), place)

    def __str__(self) -> str:
        words = f"{'p' if self.newer else 'n'}{self.taken.isoformat()}|{self.key.hex}"
        return base64.urlsafe_b64encode(words.encode()).decode().rstrip("=")


def read(cursor: str) -> Cursor | None:
    """None for "". Raises Refusal for a cursor that is not ours."""
    if not cursor:
        return None
    try:
        text = base64.urlsafe_b64decode(cursor[:200] + "=" * (-len(cursor[:200]) % 4)).decode()
        moment, _, key = text[1:].partition("|")
        taken = datetime.fromisoformat(moment)
        if text[0] not in "np" or taken.utcoffset() != timedelta(0):
            raise ValueError(cursor)
        return Cursor(taken, UUID(key), newer=text[0] == "p")
    except (ValueError, IndexError, binascii.Error) as error:
        raise damaged() from error


def damaged() -> Refusal:
    return Refusal(
        "bad_cursor", gettext("This page's address is damaged. Start again from the first page."), 422
    )


def month_after(month: datetime) -> datetime:
    """The first moment that is not in this month any more; the last there is for the last month of all."""
    if (month.year, month.month) == (MAXYEAR, 12):
        return datetime.max.replace(tzinfo=UTC)
    return datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)


def jump_cursor(month: datetime) -> str:
    """The cursor of a page that begins with the newest photo before the end of `month`."""
    return str(Cursor.before(month_after(month)))
