"""API tokens: made once, stored hashed, looked up by their hash."""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User

PREFIX: Final = "photosite_"
_TOUCH_EVERY: Final = timedelta(minutes=1)


def issue(
    user: User, name: str, scope: str = ApiToken.Scope.WRITE, expires_at: datetime | None = None
) -> str:
    """A new token of 256 random bits. It is returned this once and never again."""
    raw = PREFIX + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, scope=scope, token_hash=_hash(raw), expires_at=expires_at)
    return raw


def resolve(raw: str) -> ApiToken | None:
    """The live token of an active user, or None. Notes its use at most once a minute."""
    now = timezone.now()
    token = (
        ApiToken.objects.select_related("user")
        .filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), token_hash=_hash(raw), user__is_active=True
        )
        .first()
    )
    if token and (token.last_used_at is None or token.last_used_at < now - _TOUCH_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def _hash(raw: str) -> str:
    return hashlib.sha256(raw.encode()).hexdigest()
