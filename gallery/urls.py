"""The pages of the gallery."""

from django.urls import path

from gallery.views import activity, labels, photo, timeline, trash, upload

urlpatterns = [
    path("", timeline.home, name="home"),
    path("upload/", upload.upload, name="upload"),
    path("favourites/", timeline.favourites, name="favourites"),
    path("labels/", labels.labels, name="labels"),
    path("search/", labels.search, name="search"),
    path("activity/", activity.activity, name="activity"),
    path("trash/", trash.trash, name="trash"),
    path("photos/<uuid:photo_id>/", photo.show, name="photo"),
    path("photos/<uuid:photo_id>/caption/", photo.caption, name="photo_caption"),
    path("photos/<uuid:photo_id>/favourite/", photo.favourite, name="photo_favourite"),
    path("photos/<uuid:photo_id>/original/", photo.original, name="photo_original"),
    path("photos/<uuid:photo_id>/trash/", trash.discard, name="photo_trash"),
    path("photos/<uuid:photo_id>/restore/", trash.restore, name="photo_restore"),
    path("photos/<uuid:photo_id>/delete/", trash.delete_forever, name="photo_delete"),
    path("photos/<uuid:photo_id>/retry/", activity.retry, name="photo_retry"),
]
