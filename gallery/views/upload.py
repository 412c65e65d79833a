"""Bringing photos in. By a plain form, what became of each file is told once, on the page after it; the script sends
each file to the API and asks here for what is found on it."""

from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gallery.exceptions import Refusal
from gallery.forms import UploadForm
from gallery.imaging.formats import FORMATS
from gallery.imports import background
from gallery.intake.receive import clean_filename, store_upload
from gallery.models import Label, Photo
from gallery.organise.on_photo import LabelOnPhoto, labels_on
from gallery.pipeline.reasons import said
from gallery.pipeline.state import processing
from gallery.views.access import MemberRequest, members_only

_SESSION_KEY: Final = "upload_outcomes"
_TELLING: Final = ("failed", "waiting", "skipped", "done")  # whose reason is told first
_MOST_ASKED: Final = 50
_MOST_NAMED: Final = 4  # labels of a photo that has just come
_ORDER: Final = ("refused", "duplicate", "imported", "stored")  # what needs a look comes first


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
        "most_archive_bytes": settings.MAX_IMPORT_BYTES,
        "left": max(request.user.quota - request.user.used_bytes - request.user.reserved_bytes, 0),
        "kinds": [format.name for format in FORMATS],
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
    }
    return render(request, "gallery/upload.html", context)


@require_safe
@members_only
def labels(request: MemberRequest) -> HttpResponse:
    """What has been found on photos that were just sent: `id`, up to 50 of them; what is not one's own is left out."""
    wanted = [id for id in map(_read, request.GET.getlist("id")[:_MOST_ASKED]) if id]
    photos = Photo.objects.visible_to(request.user).filter(pk__in=wanted).with_labels()
    return JsonResponse({"photos": [_found_on(photo) for photo in photos]})


def _read(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _found_on(photo: Photo) -> dict[str, Any]:
    """`reason`: why it failed, what it waits for, or why it was not looked at."""
    jobs = sorted(photo.jobs.all(), key=lambda job: _TELLING.index(job.state))
    named = [found for found in labels_on(photo) if _worth_naming(found)]
    wider = {parent for found in named for parent in found.label.parents}
    named.sort(key=lambda found: found.label.name in wider)  # "Cat" says more than "Animal"
    return {
        "id": str(photo.pk),
        "state": processing(jobs),
        "labels": [found.label.name for found in named[:_MOST_NAMED]],
        "reason": next((said(job.reason) for job in jobs if job.reason), ""),
    }


def _worth_naming(found: LabelOnPhoto) -> bool:
    sure = found.certainty >= settings.SHOWN_CONFIDENCE
    return sure and not found.implied and found.label.kind != Label.Kind.MODERATION


def _outcome(request: MemberRequest, file: "UploadedFile[Any]") -> dict[str, str]:
    """What became of one file: stored, duplicate, imported or refused; in words where it was refused."""
    name = file.name or ""
    try:
        if name.lower().endswith(".zip"):
            background.store(request.user, file, filename=name)
            return {"name": clean_filename(name), "state": "imported"}
        stored = store_upload(request.user, file, filename=name)
    except Refusal as refusal:
        return {"name": clean_filename(name), "state": "refused", "sentence": refusal.sentence}
    state = "duplicate" if stored.duplicate else "stored"
    trashed = "yes" if stored.photo.trashed_at else ""
    return {"name": clean_filename(name), "state": state, "photo": str(stored.photo.pk), "trashed": trashed}
