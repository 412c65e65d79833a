"""Shares and albums, for staff: what is open to whom, and ending it. No link can be read: only its hash is kept."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from gallery.admin import audit
from gallery.admin.pages import Owned, OwnerFilter
from gallery.models import Album, AlbumEntry, Share


@admin.register(Share)
class ShareAdmin(Owned):
    list_display = [
        "created_at", "owner", "shared", "open_now", "expires_at", "with_password", "allow_download", "show_labels",
        "visits", "visited_at",
    ]  # fmt: skip
    list_filter = [OwnerFilter]
    list_select_related = ["owner", "album", "photo"]
    search_fields = ["=id"]
    search_help_text = _("Id of a share, an album or a photo; or the owner's address.")
    ids = ("pk", "album", "photo")
    ordering = ["-created_at", "-pk"]
    fields = [
        "created_at", "owner", "shared", "open_now", "expires_at", "with_password", "allow_download", "show_labels",
        "visits", "visited_at",
    ]  # fmt: skip
    actions = ["end"]

    @admin.display(description=_("what"))
    def shared(self, share: Share) -> SafeString:
        kind, key = ("album", share.album_id) if share.album_id else ("photo", share.photo_id)
        return format_html(
            '<a href="{}">{}</a>', reverse(f"admin:gallery_{kind}_change", args=[key]), share.name
        )

    @admin.display(description=_("open"), boolean=True)
    def open_now(self, share: Share) -> bool:
        return share.owner.is_active and (share.expires_at is None or share.expires_at > timezone.now())

    @admin.display(description=_("password"), boolean=True)
    def with_password(self, share: Share) -> bool:
        return bool(share.password)

    @admin.action(description=_("End these links: they lead nowhere from now on"), permissions=["end"])
    def end(self, request: HttpRequest, queryset: QuerySet[Share]) -> None:
        some = list(queryset)
        audit.note(request, some, gettext("Ended."))
        Share.objects.filter(pk__in=[share.pk for share in some]).delete()
        told = ngettext("%d link leads nowhere now.", "%d links lead nowhere now.", len(some))
        messages.success(request, told % len(some))

    def has_end_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("gallery.delete_share")


@admin.register(Album)
class AlbumAdmin(Owned):
    list_display = ["title", "owner", "photos", "links", "created_at"]
    list_filter = [OwnerFilter]
    search_fields = ["=id"]
    search_help_text = _("Album id; or the owner's address, and after it words of the title.")
    named_by = "title"
    ordering = ["-created_at", "-pk"]
    fields = ["title", "description", "owner", "photos", "links", "created_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Album]:
        albums: QuerySet[Album] = super().get_queryset(request)
        return albums.annotate(held=_count(AlbumEntry), shared=_count(Share))

    @admin.display(description=_("photos"))
    def photos(self, album: Any) -> int:
        return album.held or 0

    @admin.display(description=_("shares"))
    def links(self, album: Any) -> SafeString:
        url = f"{reverse('admin:gallery_share_changelist')}?q={album.pk}"
        return format_html('<a href="{}">{}</a>', url, album.shared or 0)


def _count(model: Any) -> Subquery:
    rows = model.objects.filter(album=OuterRef("pk")).order_by().values("album")
    return Subquery(rows.annotate(count=Count("pk")).values("count"))
