"""Searches that somebody keeps: the list, keeping one, its cover, calling it something else, forgetting it."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gallery.exceptions import Refusal
from gallery.forms import KeepForm
from gallery.models import Rendition, SavedSearch
from gallery.organise import searches as organise_searches
from gallery.search import grammar
from gallery.search.photos import newest
from gallery.signing import rendition_url
from gallery.views.access import MemberRequest, members_only
from gallery.views.queries import page_of, wanted_on_page

_COVER_SECONDS: Final = 300


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def searches(request: MemberRequest) -> HttpResponse:
    if request.method != "POST":
        return _list(request)
    form = KeepForm(request.POST)
    if not form.is_valid():
        return _list(request, form, status=422)
    query, name = form.cleaned_data["q"], form.cleaned_data["name"]
    try:
        query = str(grammar.parse(query))
        organise_searches.keep(request.user, name, query)
    except Refusal as refusal:
        form.add_error("q" if isinstance(refusal, grammar.Unreadable) else "name", refusal.sentence)
        return _list(request, form, status=refusal.status)
    told = _("“%(name)s” is kept.") % {"name": name}
    link = format_html('<a href="{}">{}</a>', reverse("searches"), _("All kept searches"))
    messages.success(request, format_html("{} {}", told, link))
    return redirect(page_of(query))


@require_POST
@members_only
def rename(request: MemberRequest, search_id: UUID) -> HttpResponse:
    search = _own(request, search_id)
    try:
        organise_searches.rename(search, request.POST.get("name", ""))
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("searches")


@require_POST
@members_only
def forget(request: MemberRequest, search_id: UUID) -> HttpResponse:
    search = _own(request, search_id)
    search.delete()
    told = _("“%(name)s” is forgotten.") % {"name": search.name}
    link = format_html('<a href="{}">{}</a>', page_of(search.query), _("Search for it again"))
    messages.success(request, format_html("{} {}", told, link))
    return redirect("searches")


@require_safe
@members_only
def cover(request: MemberRequest, search_id: UUID) -> HttpResponse:
    """Leads to a picture of the newest photo that is found; a drawn one where there is none."""
    thumb = _newest(request, _own(request, search_id).query)
    answer = HttpResponseRedirect(rendition_url(thumb) if thumb else static("icons/nothing_found.svg"))
    answer["Cache-Control"] = f"private, max-age={_COVER_SECONDS}"
    return answer


def _newest(request: MemberRequest, words: str) -> Rendition | None:
    try:
        wanted = wanted_on_page(grammar.parse(words))
    except grammar.Unreadable:
        return None
    keys = [key for _, key in newest(request.user, wanted, 1).places]
    return Rendition.objects.filter(photo__in=keys, spec="thumb").select_related("photo").first()


def _own(request: MemberRequest, search_id: UUID) -> SavedSearch:
    """The search, if this user keeps it; else 404, as for one that never was."""
    return get_object_or_404(SavedSearch.objects.visible_to(request.user), pk=search_id)


def _list(request: MemberRequest, form: KeepForm | None = None, status: int = 200) -> HttpResponse:
    kept = SavedSearch.objects.visible_to(request.user).order_by("name")
    found = [(search, page_of(search.query)) for search in kept]
    return render(request, "gallery/searches.html", {"searches": found, "form": form}, status=status)
