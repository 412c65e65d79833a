"""A private photo larger than a thumbnail: for who may, with a reason, and written down before it is shown."""

from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from gallery import signing
from gallery.admin import audit
from gallery.models import Photo


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why you look at it"),
        max_length=200,
        help_text=_(
            "For example the number of the request that its owner made. It is written down with your name."
        ),
    )


@never_cache
def look(request: HttpRequest, photo_id: UUID, may: bool) -> HttpResponse:
    """Asks why; then shows the preview, once."""
    if not may:
        raise PermissionDenied
    photo = get_object_or_404(
        Photo.objects.select_related("owner").prefetch_related("renditions"), pk=photo_id
    )
    preview = next((one for one in photo.renditions.all() if one.spec == "preview"), None)
    form = ReasonForm(request.POST or None)
    shown = request.method == "POST" and form.is_valid() and preview is not None
    if shown:
        audit.note(request, [photo], gettext("Looked at it larger: %s") % form.cleaned_data["reason"])
    context = {
        **admin.site.each_context(request),
        "title": gettext("Look at a photo larger"),
        "photo": photo,
        "preview": preview,
        "url": signing.rendition_url(preview) if shown and preview else "",
        "form": form,
    }
    return render(request, "admin/larger.html", context, status=422 if form.errors else 200)
