"""Every address of the site."""

from django.contrib import admin
from django.urls import include, path

from gallery.api.immich.api import api as immich
from gallery.api.immich.api import well_known
from gallery.api.version1 import api
from photosite import health, metrics

urlpatterns = [
    path("", include("gallery.urls")),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("api/", immich.urls),
    path(".well-known/immich", well_known),
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", metrics.metrics),
]
