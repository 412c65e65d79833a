"""Jobs, for staff: what waits and why, how long the queue is, what failed by its reason, and trying that again."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from gallery.admin import acting, queue
from gallery.admin.pages import Owned, OwnerFilter
from gallery.models import Job
from gallery.pipeline.reasons import said
from gallery.pipeline.steps import STEPS


class StateFilter(admin.SimpleListFilter):
    """In the words of the indexes."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return list(Job.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        if self.value() == Job.State.WAITING:  # as a list: SQLite would look for them among all there are
            return queryset.filter(pk__in=Job.objects.waiting().values("pk"))
        return queryset.filter(state=self.value()) if self.value() in Job.State.values else queryset


class StepFilter(admin.SimpleListFilter):
    """Where an index answers it: within a state of which there are few, or one owner's."""

    title = _("step")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        rare = request.GET.get("state") in (Job.State.WAITING, Job.State.FAILED, Job.State.SKIPPED)
        return (
            [(step.name, step.title) for step in STEPS.values()] if rare or request.GET.get("owner") else []
        )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(step=self.value()) if self.value() in STEPS else queryset


class ReasonFilter(admin.SimpleListFilter):
    """Those of one line of the list of failures; offered there only."""

    title = _("reason")
    parameter_name = "reason"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        reason = request.GET.get("reason")
        return [(reason, reason)] if reason and request.GET.get("state") == Job.State.FAILED else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Job]) -> QuerySet[Job]:
        return queryset.filter(reason=self.value()) if self.value() else queryset


@admin.register(Job)
class JobAdmin(Owned):
    list_display = [
        "id",
        "step",
        "chip",
        "photo_link",
        "owner",
        "attempts",
        "why",
        "ready_at",
        "finished_at",
    ]
    list_filter = [OwnerFilter, StateFilter, StepFilter, ReasonFilter]
    search_fields = ["=photo__id"]
    search_help_text = _("Photo id or owner's address.")
    ids = ("photo",)
    ordering = ["-id"]
    actions = ["try_again"]
    change_list_template = "admin/jobs.html"

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path("queue/", wrap(self.queue), name="gallery_job_queue"),
            path("failures/", wrap(self.failures), name="gallery_job_failures"),
            *super().get_urls(),
        ]

    def queue(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        return queue.queue(request)

    def failures(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        return queue.failures(request, self.has_retry_permission(request))

    def _let_in(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    @admin.display(description=_("photo"))
    def photo_link(self, job: Job) -> SafeString:
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:gallery_photo_change", args=[job.photo_id]), job.photo_id
        )

    @admin.display(description=_("reason"), ordering="reason")
    def why(self, job: Job) -> str:
        return said(job.reason)

    @admin.display(description=_("state"))
    def chip(self, job: Job) -> SafeString:
        return format_html('<span class="chip {}">{}</span>', job.state, job.get_state_display())

    @admin.action(description=_("Try the failed ones among these again"), permissions=["retry"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        failed = queryset.filter(state=Job.State.FAILED)
        acting.try_again(request, failed, ", ".join(request.POST.getlist("_selected_action")))

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.change_job")
