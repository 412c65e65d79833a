"""Everything under /accounts/: our own pages first, then allauth's."""

from django.urls import include, path
from django.views.i18n import set_language

from accounts import views

urlpatterns = [
    path("settings/", views.account, name="account_settings"),
    path("language/", views.language_and_time, name="account_language"),
    path("language/visitor/", set_language, name="visitor_language"),
    path("", include("allauth.urls")),
]
