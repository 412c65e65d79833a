"""The page that Django's tutorials would make of the timeline: objects with all they have, a template for each tile,
and boto3 to sign its picture's address. Behind the same middleware and in the same frame as ours, of which nothing is
kept from page to page."""

from typing import Any, Final
from unittest import mock

import boto3
from botocore.config import Config
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from gallery.models import Photo
from photosite.templatetags.kept import Kept
from photosite.urls import urlpatterns as ours

PHOTOS: Final = 100
_client: Final = boto3.client(
    "s3",
    region_name=settings.AWS_REGION,
    aws_access_key_id="AKIDEXAMPLE",
    aws_secret_access_key="secret" * 7,
    config=Config(signature_version="s3v4"),
)
_TILE: Final = """<a href="{% url 'photo' tile.photo.pk %}"><img src="{{ tile.url }}" alt="{{ tile.photo.filename }}"
 width="{{ tile.photo.width }}" height="{{ tile.photo.height }}"></a>
<input type="checkbox" name="photo" value="{{ tile.photo.pk }}" aria-label="{{ tile.photo.filename }}">"""
_PAGE: Final = """{% extends "base.html" %}{% block main %}<h1>Photos</h1>
{% for tile in tiles %}{% include tile_template %}{% endfor %}{% endblock %}"""


def naive(request: HttpRequest) -> HttpResponse:
    django: Any = engines["django"]
    photos = Photo.objects.filter(owner_id=request.user.pk, trashed_at=None).order_by("-taken_local", "-id")
    shown = photos.prefetch_related("renditions", "jobs")[:PHOTOS]
    tiles = [{"photo": photo, "url": _signed(photo)} for photo in shown]
    context = {"tiles": tiles, "tile_template": django.from_string(_TILE).template}
    with mock.patch.object(Kept, "render", lambda part, context: part.nodelist.render(context)):
        return HttpResponse(django.from_string(_PAGE).render(context, request))


def _signed(photo: Photo) -> str:
    thumb = next(rendition for rendition in photo.renditions.all() if rendition.spec == "thumb")
    address = {"Bucket": settings.BUCKET, "Key": f"renditions/{thumb.key}"}
    return str(_client.generate_presigned_url("get_object", Params=address, ExpiresIn=7200))


urlpatterns: list[Any] = [*ours, path("naive/", naive)]
