"""Photos and labels, for staff: a thumbnail, whose it is, how far it is, what was found on it."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gallery import signing
from gallery.admin.pages import LookOnly
from gallery.admin.runs import relabel
from gallery.models import Job, Label, Photo
from gallery.organise.on_photo import labels_on
from gallery.pipeline.reasons import said
from gallery.pipeline.state import processing


class JobState(admin.SimpleListFilter):
    title = _("processing")
    parameter_name = "processing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("pending")), ("failed", _("failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        if not self.value():
            return queryset
        return queryset.filter(pk__in=Job.objects.filter(state=self.value()).values("photo"))


@admin.register(Photo)
class PhotoAdmin(LookOnly):
    list_display = ["thumbnail", "filename", "owner", "state", "labels", "size", "uploaded_at"]
    list_display_links = ["thumbnail", "filename"]
    list_filter = [JobState, ("trashed_at", admin.EmptyFieldListFilter)]
    list_select_related = ["owner"]
    search_fields = ["=id", "owner__email", "filename"]
    search_help_text = _("Photo id, owner's address or file name.")
    ordering = ["-uploaded_at"]
    fields = [
        "thumbnail", "filename", "owner", "state", "labels", "size", "width", "height", "content_type", "sha256",
        "taken", "taken_source", "camera_make", "camera_model", "lens", "caption", "uploaded_at", "trashed_at",
    ]  # fmt: skip
    actions = ["relabel"]

    @admin.action(description=_("Label these photos again …"), permissions=["relabel"])
    def relabel(self, request: HttpRequest, queryset: QuerySet[Photo]) -> HttpResponse | None:
        return relabel(request, queryset)

    def has_relabel_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.add_run")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        photos: QuerySet[Photo] = super().get_queryset(request)
        return photos.prefetch_related("renditions", "jobs", "detections__label", "verdicts__label")

    @admin.display(description=_("photo"))
    def thumbnail(self, photo: Photo) -> SafeString | str:
        thumb = next((rendition for rendition in photo.renditions.all() if rendition.spec == "thumb"), None)
        if thumb is None:
            return "–"
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="" loading="lazy">',
            signing.rendition_url(thumb),
            max(thumb.width * 72 // thumb.height, 1),
            72,
        )

    @admin.display(description=_("state"))
    def state(self, photo: Photo) -> SafeString | str:
        jobs = list(photo.jobs.all())
        reasons = [f"{job.step}: {said(job.reason)}" for job in jobs if job.reason]
        lines = format_html_join("", "<br>{}", ((reason,) for reason in reasons))
        return format_html("{}{}", processing(jobs), lines)

    @admin.display(description=_("taken"))
    def taken(self, photo: Photo) -> str:
        return date_format(photo.wall_clock, "DATETIME_FORMAT")

    @admin.display(description=_("labels"))
    def labels(self, photo: Photo) -> str:
        return ", ".join(f"{found.label.name} {found.confidence:.0f}" for found in labels_on(photo)[:8])

    @admin.display(description=_("size"), ordering="byte_size")
    def size(self, photo: Photo) -> str:
        return filesizeformat(photo.byte_size)


@admin.register(Label)
class LabelAdmin(LookOnly):
    list_display = ["name", "parents", "aliases", "categories"]
    search_fields = ["name"]
    ordering = ["name"]
