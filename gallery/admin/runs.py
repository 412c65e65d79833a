"""Bulk runs, for staff: how far each is, what it changed; paused, resumed, stopped, rolled back."""

from collections.abc import Callable
from typing import Final

from django.contrib import admin, messages
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.admin.pages import LookOnly
from gallery.exceptions import Refusal
from gallery.labelling.prices import dollars, usd
from gallery.models import Photo, Run, RunEntry
from gallery.pipeline import runs
from gallery.pipeline.steps import LABELS

_MOST_COMPARED: Final = 1000
_MOST_LABELS: Final = 10


@admin.register(Run)
class RunAdmin(LookOnly):
    list_display = ["created_at", "asked_for", "step", "owner", "ordered_by", "state", "finished", "price"]
    list_filter = ["state", "step"]
    list_select_related = ["owner", "ordered_by"]
    search_fields = ["=id", "owner__email"]
    search_help_text = _("Run id or owner's address.")
    ordering = ["-created_at"]
    fields = [
        "id", "step", "asked_for", "owner", "ordered_by", "state", "finished", "price", "difference", "created_at",
        "finished_at",
    ]  # fmt: skip
    actions = ["pause", "resume", "stop", "roll_back"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        """With how many photos are finished, counted only where that still changes."""
        entries = RunEntry.objects.filter(run=OuterRef("pk")).exclude(outcome="").order_by().values("run")
        count = Subquery(entries.annotate(count=Count("pk")).values("count"))
        under_way = Q(state__in=[Run.State.RUNNING, Run.State.PAUSED])
        rows: QuerySet[Run] = super().get_queryset(request)
        return rows.annotate(ended=Case(When(under_way, then=count), default=Value(None)))

    @admin.display(description=_("progress"))
    def finished(self, run: Run) -> str:
        if run.finished_at:
            return f"{run.photos:,}"
        ended: int = run.ended or 0  # type: ignore[attr-defined]  # annotated by get_queryset
        return gettext("%(finished)s of %(photos)s") % {"finished": f"{ended:,}", "photos": f"{run.photos:,}"}

    @admin.display(description=_("up to"), ordering="micro_usd")
    def price(self, run: Run) -> str:
        return dollars(usd(run.micro_usd))

    @admin.display(description=_("difference"))
    def difference(self, run: Run) -> SafeString:
        told = runs.summary(run, _MOST_COMPARED)
        lines = ((_("won"), told.won), (_("lost"), told.lost), (_("changed"), told.changed))
        return format_html_join("", "{}: {}<br>", ((name, _names(counts)) for name, counts in lines))

    @admin.action(description=_("Pause"), permissions=["steer"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.pause)

    @admin.action(description=_("Resume"), permissions=["steer"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.resume)

    @admin.action(description=_("Stop"), permissions=["steer"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.stop)

    @admin.action(description=_("Roll back"), permissions=["steer"])
    def roll_back(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.roll_back)

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.change_run")


def _names(counts: list[runs.Count]) -> str:
    shown = ", ".join(f"{count.name} {count.photos}" for count in counts[:_MOST_LABELS])
    return f"{shown}, …" if len(counts) > _MOST_LABELS else shown or "–"


def _turn(request: HttpRequest, chosen: QuerySet[Run], turn: Callable[[Run], bool]) -> None:
    changed = 0
    for run in chosen.order_by("created_at"):
        try:
            changed += turn(run)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    messages.success(request, ngettext("%d run was changed.", "%d runs were changed.", changed) % changed)


def relabel(request: HttpRequest, chosen: QuerySet[Photo]) -> HttpResponse | None:
    """Shows how many of the chosen photos can be labelled again and for how much; orders that once it is agreed to."""
    photos = Photo.objects.filter(pk__in=chosen.order_by().values("pk"))
    estimate = runs.estimate(photos, LABELS.name)
    agreed = f"{estimate.photos} {estimate.cost_usd}"
    if not estimate.photos or request.POST.get("agreed") != agreed:
        context = {
            **admin.site.each_context(request),
            "title": gettext("Label these photos again"),
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across", "0"),
            "price": dollars(estimate.cost_usd),
            "photos": estimate.photos,
            "agreed": agreed,
        }
        return TemplateResponse(request, "admin/relabel.html", context)
    owners = list(User.objects.filter(pk__in=photos.values("owner"))[:2])
    runs.order(
        photos,
        LABELS.name,
        asked_for=gettext("chosen in the admin"),
        ordered_by=request.user if isinstance(request.user, User) else None,
        owner=owners[0] if len(owners) == 1 else None,
    )
    told = ngettext("%d photo is labelled again.", "%d photos are labelled again.", estimate.photos)
    messages.success(request, told % estimate.photos)
    return None
