"""/api/ without v1: what the Immich CLI 3.2 asks of a server in order to upload. docs/api/immich.md says what it gets.

It is nobody's API but this client's: it is called, and answers, as that one expects, and a run of it is the judge.
"""

from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from gallery.api import problems
from gallery.api.immich import albums, assets, errors, server
from gallery.api.immich.key import KeyAuth


class _Api(NinjaAPI):
    """What it does not know is an error in Immich's words, too, but for all that is version 1's."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = errors.in_immichs_words(problems.problems_only(pattern.callback))
        nothing_here = csrf_exempt(errors.in_immichs_words(problems.missing))
        return [*patterns, re_path(r"^(?!v1/).*$", nothing_here, name="nothing-here")], app, namespace


api = _Api(
    title="For the Immich CLI",
    version="3.2",
    auth=KeyAuth(),  # never the session's cookie: so no other site can act through somebody's browser
    urls_namespace="api-immich",
    docs_url=None,
    openapi_url=None,
)
api.add_decorator(cache_control(private=True, no_store=True), mode="view")
api.add_router("", server.router)
api.add_router("/assets", assets.router)
api.add_router("/albums", albums.router)
problems.install(api)
errors.install(api)


@require_safe
def well_known(_request: HttpRequest) -> JsonResponse:
    """Where the client finds the rest, whatever address of the site it was told."""
    return JsonResponse({"api": {"endpoint": "/api"}})
