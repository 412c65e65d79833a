"""Jobs, for staff: what waits, why, and one action to try failed ones again."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from gallery.admin.pages import LookOnly
from gallery.models import Job, Photo
from gallery.pipeline import jobs
from gallery.pipeline.reasons import said


@admin.register(Job)
class JobAdmin(LookOnly):
    list_display = [
        "id",
        "step",
        "state",
        "photo_link",
        "owner",
        "attempts",
        "why",
        "ready_at",
        "finished_at",
    ]
    list_filter = ["state", "step"]
    list_select_related = ["owner"]
    search_fields = ["=photo__id", "owner__email"]
    search_help_text = _("Photo id or owner's address.")
    ordering = ["-id"]
    actions = ["try_again"]

    @admin.display(description=_("photo"))
    def photo_link(self, job: Job) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:gallery_photo_change", args=[job.photo_id]), job.photo_id
        )

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, job: Job) -> str:
        return said(job.reason)

    @admin.action(description=_("Try the failed ones among these again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        failed = queryset.filter(state=Job.State.FAILED).order_by().values("photo").distinct()
        again = sum(jobs.retry(photo) for photo in Photo.objects.filter(pk__in=failed).iterator())
        text = ngettext("%d step waits again.", "%d steps wait again.", again) % again
        messages.success(request, text)

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.change_job")
