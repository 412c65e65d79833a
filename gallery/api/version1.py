"""The API, version 1: one NinjaAPI, its routers, its errors, its OpenAPI document."""

from ninja import NinjaAPI

from gallery.api import account, photos, problems
from gallery.api.auth import AUTH

api = NinjaAPI(
    title="Photosite",
    version="1",
    description="Your photos, their labels and everything about them. Errors are RFC 9457 problem documents. "
    "Another user's object is 404, as if it did not exist.",
    auth=AUTH,
    urls_namespace="api-1",
)
api.add_router("/photos", photos.router)
api.add_router("", account.router)
problems.install(api)
