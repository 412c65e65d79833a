"""Photos and labels, for staff: a thumbnail, whose it is, how far it is, what was found on it."""

from typing import Any, Final

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gallery import signing
from gallery.admin import acting, large
from gallery.admin.acting import Act
from gallery.admin.pages import LookOnly, Owned, OwnerFilter
from gallery.admin.runs import ask_again
from gallery.models import Job, Label, Photo
from gallery.organise.on_photo import labels_on
from gallery.pipeline.reasons import said
from gallery.pipeline.state import processing
from gallery.pipeline.steps import LABELS, RENDITIONS

_HEIGHT: Final = 72
_STATES: Final = {"pending": _("pending"), "done": _("done"), "failed": _("failed")}


class JobState(admin.SimpleListFilter):
    title = _("processing")
    parameter_name = "processing"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", _("pending")), ("failed", _("failed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        some = {"waiting": Job.objects.waiting, "failed": Job.objects.failed}.get(self.value() or "")
        return queryset.filter(pk__in=some().values("photo")) if some else queryset


class TrashFilter(admin.SimpleListFilter):
    title = _("trash")
    parameter_name = "trash"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("not in the trash")), ("yes", _("in the trash"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Photo]) -> QuerySet[Photo]:
        outside = {"no": True, "yes": False}.get(self.value() or "")
        return queryset if outside is None else queryset.filter(trashed_at__isnull=outside)


@admin.register(Photo)
class PhotoAdmin(Owned):
    list_display = ["thumbnail", "filename", "owner", "state", "labels", "size", "uploaded_at"]
    list_display_links = ["thumbnail", "filename"]
    list_filter = [OwnerFilter, JobState, TrashFilter]
    search_fields = ["=id"]
    search_help_text = _("Photo id; or the owner's address, and after it words of the file name.")
    named_by = "filename"
    ordering = ["-uploaded_at", "-pk"]
    change_form_template = "admin/photo.html"
    fields = [
        "thumbnail", "filename", "owner_link", "state", "labels", "size", "width", "height", "content_type", "sha256",
        "taken", "taken_source", "camera_make", "camera_model", "lens", "caption", "uploaded_at", "trashed_at",
    ]  # fmt: skip
    actions = ["relabel", "rebuild", "try_again", "cancel", "trash", "restore"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.larger)
        return [path("<uuid:photo_id>/larger/", view, name="gallery_photo_larger"), *super().get_urls()]

    def larger(self, request: HttpRequest, photo_id: Any) -> HttpResponse:
        return large.look(request, photo_id, self.has_larger_permission(request))

    @admin.action(description=_("Label these photos again …"), permissions=["order"])
    def relabel(self, request: HttpRequest, queryset: QuerySet[Photo]) -> HttpResponse | None:
        return ask_again(request, queryset, LABELS)

    @admin.action(description=_("Make their pictures anew …"), permissions=["order"])
    def rebuild(self, request: HttpRequest, queryset: QuerySet[Photo]) -> HttpResponse | None:
        return ask_again(request, queryset, RENDITIONS)

    @admin.action(description=_("Try what failed again"), permissions=["work"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Photo]) -> None:
        failed = Job.objects.failed().filter(photo__in=queryset.order_by().values("pk"))
        acting.try_again(request, failed, ", ".join(request.POST.getlist("_selected_action")))

    @admin.action(description=_("Stop the work on them …"), permissions=["work"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Photo]) -> HttpResponse | None:
        return self._act(request, queryset, acting.CANCEL)

    @admin.action(description=_("Move to the trash …"), permissions=["throw"])
    def trash(self, request: HttpRequest, queryset: QuerySet[Photo]) -> HttpResponse | None:
        return self._act(request, queryset, acting.TRASH)

    @admin.action(description=_("Take out of the trash …"), permissions=["throw"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Photo]) -> HttpResponse | None:
        return self._act(request, queryset, acting.RESTORE)

    def _act(self, request: HttpRequest, chosen: QuerySet[Photo], what: Act) -> HttpResponse | None:
        return acting.act(request, chosen, what, reverse("admin:gallery_photo_changelist"))

    def has_order_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.add_run")

    def has_work_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.change_job")

    def has_throw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.delete_photo")

    def has_larger_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request) and request.user.has_perm("gallery.see_larger")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Photo]:
        photos: QuerySet[Photo] = super().get_queryset(request)
        return photos.prefetch_related("renditions", "jobs", "detections__label", "verdicts__label")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = {**(extra_context or {}), "may_look": self.has_larger_permission(request)}
        return super().change_view(request, object_id, form_url, context)

    @admin.display(description=_("photo"))
    def thumbnail(self, photo: Photo) -> SafeString | str:
        thumb = next((rendition for rendition in photo.renditions.all() if rendition.spec == "thumb"), None)
        if photo.veiled:
            return format_html('<span class="chip warn">{}</span>', _("content warning"))
        if thumb is None:
            return "–"
        return format_html(
            '<img src="{}" width="{}" height="{}" alt="{}" loading="lazy">',
            signing.rendition_url(thumb),
            max(thumb.width * _HEIGHT // thumb.height, 1),
            _HEIGHT,
            _("Thumbnail"),
        )

    @admin.display(description=_("owner"))
    def owner_link(self, photo: Photo) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:accounts_user_change", args=[photo.owner_id]), photo.owner
        )

    @admin.display(description=_("state"))
    def state(self, photo: Photo) -> SafeString | str:
        jobs = list(photo.jobs.all())
        reasons = [f"{job.step}: {said(job.reason)}" for job in jobs if job.reason]
        lines = format_html_join("", "<br>{}", ((reason,) for reason in reasons))
        state = processing(jobs)
        thrown = format_html(' <span class="chip">{}</span>', _("in the trash")) if photo.trashed_at else ""
        return format_html('<span class="chip {}">{}</span>{}{}', state, _STATES[state], thrown, lines)

    @admin.display(description=_("taken"))
    def taken(self, photo: Photo) -> str:
        return date_format(photo.wall_clock, "DATETIME_FORMAT")

    @admin.display(description=_("labels"))
    def labels(self, photo: Photo) -> str:
        return ", ".join(f"{found.label.name} {found.confidence:.0f}" for found in labels_on(photo)[:8])

    @admin.display(description=_("size"))
    def size(self, photo: Photo) -> str:
        return filesizeformat(photo.byte_size)


@admin.register(Label)
class LabelAdmin(LookOnly):
    list_display = ["name", "parents", "aliases", "categories"]
    search_fields = ["name"]
    ordering = ["name"]
