"""Bringing photos in by a plain form. What became of each file is told once, on the page after it."""

from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gallery.exceptions import Refusal
from gallery.forms import UploadForm
from gallery.intake.receive import clean_filename, store_upload
from gallery.views.access import MemberRequest, members_only

_SESSION_KEY: Final = "upload_outcomes"
_ORDER: Final = ("refused", "duplicate", "stored")  # what needs a look comes first


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def upload(request: MemberRequest) -> HttpResponse:
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if request.method == "POST" and form.is_valid():
        outcomes = [_outcome(request, file) for file in form.cleaned_data["photos"]]
        request.session[_SESSION_KEY] = sorted(outcomes, key=lambda outcome: _ORDER.index(outcome["state"]))
        return redirect("upload")
    outcomes = request.session.pop(_SESSION_KEY, []) if request.method == "GET" else []
    context = {
        "form": form,
        "outcomes": outcomes,
        **{state: sum(outcome["state"] == state for outcome in outcomes) for state in _ORDER},
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return render(request, "gallery/upload.html", context)


def _outcome(request: MemberRequest, file: "UploadedFile[Any]") -> dict[str, str]:
    """What became of one file: stored, duplicate or refused; in words where it was refused."""
    name = file.name or ""
    try:
        stored = store_upload(request.user, file, filename=name)
    except Refusal as refusal:
        return {"name": clean_filename(name), "state": "refused", "sentence": refusal.sentence}
    state = "duplicate" if stored.duplicate else "stored"
    trashed = "yes" if stored.photo.trashed_at else ""
    return {"name": clean_filename(name), "state": state, "photo": str(stored.photo.pk), "trashed": trashed}
