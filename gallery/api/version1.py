"""The API, version 1: one NinjaAPI, its routers, its errors, its OpenAPI document."""

from typing import Any

from django.urls import URLPattern, URLResolver, re_path
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation

from gallery.api import (
    account,
    albums,
    batches,
    bulk,
    document,
    imports,
    photos,
    problems,
    recognition,
    relabel,
    shares,
    uploads,
    verdicts,
)
from gallery.api.auth import AUTH


class _Api(NinjaAPI):
    """What is asked for under its address and is not there is a problem document as well."""

    @property
    def urls(self) -> tuple[list[URLResolver | URLPattern], str, str]:
        patterns, app, namespace = super().urls
        for pattern in patterns:
            if isinstance(pattern, URLPattern):
                pattern.callback = problems.problems_only(pattern.callback)
        nothing_here = csrf_exempt(problems.missing)
        return [*patterns, re_path(r"^.*/$", nothing_here, name="nothing-here")], app, namespace

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        return document.completed(super().get_openapi_schema(**options))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """A name for programs that are generated from the document; where our modules lie is not their business."""
        return operation.view_func.__name__


api = _Api(
    title="Photosite",
    version="1",
    description="Your photos, their labels and everything about them. Errors are RFC 9457 problem documents. "
    "Another user's object is 404, as if it did not exist.",
    auth=AUTH,
    urls_namespace="api-1",
)
api.add_decorator(cache_control(private=True, no_store=True), mode="view")
api.add_router("/photos", photos.router)
api.add_router("/photos", verdicts.router)
api.add_router("/photos", relabel.router)
api.add_router("/photos", recognition.router)
api.add_router("/albums", albums.router)
api.add_router("/shares", shares.router)
api.add_router("/imports", imports.router)
api.add_router("/uploads", uploads.router)
api.add_router("/uploads", batches.router)
api.add_router("", bulk.router)
api.add_router("", account.router)
problems.install(api)
