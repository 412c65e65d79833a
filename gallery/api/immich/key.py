"""Who asks: one of our API tokens, which this client calls a key."""

from typing import Final

from django.http import HttpRequest
from ninja.security import APIKeyHeader

from accounts.models import ApiToken
from gallery.api.auth import UserRequest, let_in

_READS: Final = ("user.read", "apiKey.read", "server.about", "asset.statistics", "album.read")
_WRITES: Final = ("asset.upload", "album.create", "albumAsset.create")


class KeyRequest(UserRequest):
    """A request that passed: its user is signed in by this token."""

    auth: ApiToken


class KeyAuth(APIKeyHeader):
    """`x-api-key: photosite_…`, and nothing else."""

    param_name = "x-api-key"

    def authenticate(self, request: HttpRequest, key: str | None) -> ApiToken | None:
        return let_in(request, key) if key else None


def permissions(token: ApiToken) -> list[str]:
    """What it may, in Immich's words: the client looks there before it sends anything."""
    return [*_READS, *(_WRITES if token.scope == ApiToken.Scope.WRITE else ())]
