"""Everything under /accounts/: our own pages first, then allauth's."""

from django.urls import include, path

from accounts import views

urlpatterns = [
    path("settings/", views.account, name="account_settings"),
    path("", include("allauth.urls")),
]
