"""Bulk runs, for staff: how far each is, what it changed; paused, resumed, stopped, rolled back."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.db.models import Case, Count, OuterRef, Q, QuerySet, Subquery, Value, When
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.admin import audit
from gallery.admin.pages import Owned, OwnerFilter
from gallery.exceptions import Refusal
from gallery.labelling.prices import dollars, usd
from gallery.models import Photo, Run, RunEntry
from gallery.pipeline import runs
from gallery.pipeline.steps import STEPS, Step

_MOST_COMPARED: Final = 1000
_MOST_LABELS: Final = 10


class StepFilter(admin.SimpleListFilter):
    """Those that there are, without asking all runs for theirs."""

    title = _("step")
    parameter_name = "step"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        return [(name, name) for name in STEPS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Run]) -> QuerySet[Run]:
        return queryset.filter(step=self.value()) if self.value() in STEPS else queryset


@admin.register(Run)
class RunAdmin(Owned):
    list_display = ["created_at", "asked_for", "step", "owner", "ordered_by", "state", "finished", "price"]
    list_filter = [OwnerFilter, "state", StepFilter]
    list_select_related = ["owner", "ordered_by"]
    search_fields = ["=id"]
    search_help_text = _("Run id or owner's address.")
    ordering = ["-created_at", "-pk"]
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
            return _number(run.photos)
        ended: int = run.ended or 0  # type: ignore[attr-defined]  # annotated by get_queryset
        return gettext("%(finished)s of %(photos)s") % {
            "finished": _number(ended),
            "photos": _number(run.photos),
        }

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
        _turn(request, queryset, runs.pause, gettext("Paused."))

    @admin.action(description=_("Resume"), permissions=["steer"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.resume, gettext("Resumed."))

    @admin.action(description=_("Stop"), permissions=["steer"])
    def stop(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.stop, gettext("Stopped."))

    @admin.action(description=_("Roll back"), permissions=["steer"])
    def roll_back(self, request: HttpRequest, queryset: QuerySet[Run]) -> None:
        _turn(request, queryset, runs.roll_back, gettext("Rolled back."))

    def has_steer_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.change_run")


def _names(counts: list[runs.Count]) -> str:
    shown = ", ".join(f"{count.name} {_number(count.photos)}" for count in counts[:_MOST_LABELS])
    return f"{shown}, …" if len(counts) > _MOST_LABELS else shown or "–"


def _number(count: int) -> str:
    return number_format(count, force_grouping=True)


def _turn(request: HttpRequest, chosen: QuerySet[Run], turn: Callable[[Run], bool], said: str) -> None:
    changed = []
    for run in chosen.order_by("created_at"):
        try:
            if turn(run):
                changed.append(run)
        except Refusal as refusal:
            messages.error(request, refusal.sentence)
    audit.note(request, changed, said)
    told = ngettext("%d run was changed.", "%d runs were changed.", len(changed)) % len(changed)
    messages.success(request, told)


def ask_again(request: HttpRequest, chosen: QuerySet[Photo], step: Step) -> HttpResponse | None:
    """Shows how many of the chosen photos can be done again and for how much; orders that once it is agreed to."""
    photos = Photo.objects.filter(pk__in=chosen.order_by().values("pk"))
    estimate = runs.estimate(photos, step.name)
    agreed = f"{estimate.photos} {estimate.cost_usd}"
    if not estimate.photos or request.POST.get("agreed") != agreed:
        context = {
            **admin.site.each_context(request),
            "title": gettext("Label these photos again")
            if step.asks
            else gettext("Make these pictures anew"),
            "action": request.POST.get("action"),
            "chosen": request.POST.getlist("_selected_action"),
            "across": request.POST.get("select_across", "0"),
            "paid": bool(step.asks),
            "price": dollars(estimate.cost_usd),
            "photos": estimate.photos,
            "agreed": agreed,
        }
        return TemplateResponse(request, "admin/again.html", context)
    owners = list(User.objects.filter(pk__in=photos.values("owner"))[:2])
    run = runs.order(
        photos,
        step.name,
        asked_for=gettext("chosen in the admin"),
        ordered_by=request.user if isinstance(request.user, User) else None,
        owner=owners[0] if len(owners) == 1 else None,
    )
    audit.note(request, [run], gettext("Ordered."))
    told = ngettext("%d photo is done again.", "%d photos are done again.", estimate.photos)
    messages.success(request, told % estimate.photos)
    return None
