"""Five photographs that the site brings itself, so that somebody new can search before anything of theirs is here."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from gallery.exceptions import Refusal
from gallery.intake.receive import store_upload
from gallery.models import Photo, Sample
from gallery.organise import photos as organise
from gallery.views.access import MemberRequest, members_only

_FOLDER: Final = Path(settings.BASE_DIR) / "gallery" / "demo" / "photos"
LICENCES: Final = {
    "CC0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "CC BY 2.0": "https://creativecommons.org/licenses/by/2.0/",
    "public domain": "https://creativecommons.org/publicdomain/mark/1.0/",
}


@dataclasses.dataclass(frozen=True)
class Photograph:
    """One of the files, and whose work it is."""

    name: str
    shows: Promise
    by: str
    licence: str

    @property
    def path(self) -> Path:
        return _FOLDER / self.name

    @property
    def licence_address(self) -> str:
        return LICENCES[self.licence]

    @property
    def caption(self) -> str:
        """Its credit goes with the photo."""
        return _("%(shows)s. By %(by)s (%(licence)s).") % {
            "shows": self.shows,
            "by": self.by,
            "licence": self.licence,
        }


PHOTOGRAPHS: Final = (
    Photograph("chelsea.jpg", gettext_lazy("Chelsea, a cat"), "Stéfan van der Walt", "CC0"),
    Photograph("coffee.jpg", gettext_lazy("A cup of coffee"), "Rachel Michetti", "CC0"),
    Photograph("china.jpg", gettext_lazy("A temple with many roofs"), "danielbuechele", "CC BY 2.0"),
    Photograph("astronaut.jpg", gettext_lazy("Eileen Collins, an astronaut"), "NASA", "public domain"),
    Photograph("flower.jpg", gettext_lazy("A flower, close"), "vultilion", "CC BY 2.0"),
)

SEARCHES: Final = ("cat", "cup", "building")
"""What is found among them; labels are English in every language."""


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
def samples(request: MemberRequest) -> HttpResponse:
    """Whose photographs they are; with POST they come in."""
    if request.method != "POST":
        held = Sample.objects.visible_to(request.user).exists()
        context = {"photographs": PHOTOGRAPHS, **samples_of(request.user, held=held, empty=True)}
        return render(request, "gallery/samples.html", context)
    try:
        _give(request.user)
    except Refusal as refusal:
        messages.error(request, refusal.sentence)
    return redirect("home")


@require_POST
@members_only
def remove(request: MemberRequest) -> HttpResponse:
    """For good: they can be had again, and nobody's trash should be full of them."""
    given = list(Photo.objects.visible_to(request.user).filter(sample__isnull=False))
    for photo in given:
        organise.delete_forever(photo)
    if given:
        told = ngettext("%(count)d sample is gone.", "All %(count)d samples are gone.", len(given))
        messages.success(request, told % {"count": len(given)})
    return redirect("home")


def samples_of(user: User, *, held: bool, empty: bool) -> Mapping[str, Any]:
    """For a page that may show them: whether this user has some, and whether they are offered.

    `empty`: nothing is known to be in their library. Who has photos is not asked about again.
    """
    offered = empty and not held and not _own(user)
    return {"samples_held": held, "samples_offered": offered, "samples_searches": SEARCHES}


def _own(user: User) -> bool:
    """Whether anything of theirs is here, if only in the trash."""
    own: bool = Photo.objects.visible_to(user).filter(sample__isnull=True).exists()
    return own


def _give(user: User) -> None:
    """Those that are not here yet: whoever asks twice, or in two windows at once, has each of them once."""
    if _own(user):
        raise Refusal(
            "samples_not_offered", _("Samples are for an empty library, and yours has photos already."), 409
        )
    files = {photograph: photograph.path.read_bytes() for photograph in PHOTOGRAPHS}
    if not _has_room(user, sum(map(len, files.values()))):
        raise Refusal("quota_exceeded", _("There is not enough room for the samples."), 507)
    for photograph, data in files.items():
        file = SimpleUploadedFile(photograph.name, data)
        stored = store_upload(user, file, filename=photograph.name, sample=True)
        if not stored.duplicate:
            organise.edit(stored.photo, caption=photograph.caption)


def _has_room(user: User, size: int) -> bool:
    """A first look, so that nobody gets three of five; each file still reserves its own space."""
    there: bool = Sample.objects.visible_to(user).exists()
    free = User.objects.filter(pk=user.pk, used_bytes__lte=user.quota - size - F("reserved_bytes"))
    return there or free.exists()
