"""Space: reserved before a byte is stored, then spent or given back. Each call is one conditional UPDATE."""

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Coalesce

from accounts.models import User


class QuotaExceeded(Exception):
    """There is no room for `needed` more bytes; nothing was reserved."""

    def __init__(self, needed: int) -> None:
        super().__init__(f"no room for {needed} bytes")
        self.needed = needed


def reserve(user: User, size: int) -> None:
    """Sets `size` bytes aside for an upload, whatever else is under way. Raises QuotaExceeded."""
    taken = User.objects.filter(
        pk=user.pk,
        used_bytes__lte=Coalesce(F("quota_bytes"), settings.QUOTA_BYTES) - F("reserved_bytes") - size,
    ).update(reserved_bytes=F("reserved_bytes") + size)
    if not taken:
        raise QuotaExceeded(size)


def spend(user: User, size: int) -> None:
    """Turns a reservation into used space, in the transaction that makes the photo."""
    User.objects.filter(pk=user.pk).update(
        reserved_bytes=F("reserved_bytes") - size, used_bytes=F("used_bytes") + size
    )


def release(user: User, size: int) -> None:
    """Gives back a reservation whose upload came to nothing."""
    User.objects.filter(pk=user.pk).update(reserved_bytes=F("reserved_bytes") - size)


def free(user: User, size: int) -> None:
    """Gives back the space of a photo that is gone for good."""
    User.objects.filter(pk=user.pk).update(used_bytes=F("used_bytes") - size)
