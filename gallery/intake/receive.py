"""How a photo comes in through this machine: checked, space reserved, stored, and only then a row and an answer.

Each stop on the way can fail without loss: what was reserved is given back, what was stored is deleted, and a
crash leaves an open Upload that the sweep ends. Whoever was answered has a photo whose bytes are in the bucket.
"""

import dataclasses
import tempfile
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Final

import structlog
from django.conf import settings
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import quota
from accounts.models import User
from gallery import keys, storage, tally
from gallery.digests import digests
from gallery.exceptions import Refusal
from gallery.imaging.errors import Refused
from gallery.imaging.inspect import Inspected, inspect
from gallery.intake.taken import Taken, named
from gallery.intake.told import NOTHING, Told
from gallery.models import Photo, Sample, Upload
from gallery.pipeline import copies, jobs
from gallery.pipeline.reasons import said
from gallery.pipeline.sweep import REPEATED, TWICE, fail_upload

log: Final = structlog.get_logger("photosite.intake")
_OPEN_FOR: Final = timedelta(minutes=15)
_ANSWERED_WITHIN: Final = timedelta(seconds=20)  # an upload's answer takes no longer, or its request is dead
_STATUS: Final = {"unsupported_format": 415}
_RETRY_SECONDS: Final = 10
_MOST_OF_A_NAME: Final = 1000  # putting a longer one into its normal form takes by the square of its length


@dataclasses.dataclass(frozen=True)
class Stored:
    """The photo with these bytes; `duplicate`: it was here before this upload."""

    photo: Photo
    duplicate: bool


@dataclasses.dataclass(frozen=True)
class _Sent:
    """What came with a file. `taken`: its sender's word, above all else; `told`: below what the file says itself."""

    filename: str
    taken: Taken | None = None
    told: Told = NOTHING
    idempotency_key: str = ""
    sample: bool = False


def store_upload(
    user: User,
    file: "UploadedFile[Any]",
    *,
    filename: str,
    taken: Taken | None = None,
    told: Told = NOTHING,
    idempotency_key: str = "",
    sample: bool = False,
) -> Stored:
    """Takes one uploaded file in. Raises Refusal with the cause and the cure; then nothing is left of it.

    `taken`: as its sender says; `told`: what is known of it beside what it says itself.
    `sample`: the site itself brings it, for somebody to try things with.
    """
    sent = _Sent(filename, taken, told, idempotency_key, sample)
    with counted_refusals():
        check_size(file.size or 0)
        with _on_disk(file) as path:
            return _stored(user, path, sent)


def store_file(user: User, path: Path, *, filename: str, told: Told = NOTHING) -> Stored:
    """Takes a file in that lies on this machine, which stays as it is. Raises Refusal as `store_upload` does.

    `told`: what is known of it beside what it says itself.
    """
    with counted_refusals():
        check_size(path.stat().st_size)
        return _stored(user, path, _Sent(filename, told=told))


def store_archive(user: User, file: "UploadedFile[Any]", *, filename: str) -> Upload:
    """Puts a zip file into the bucket that is to be imported; its upload is still open. Raises Refusal."""
    with counted_refusals():
        check_size(file.size or 0)
        with _on_disk(file) as path:
            upload = _open(user, path.stat().st_size, digests(path)[0], archive=clean_filename(filename))
            _store(upload, path, "application/zip")
            return upload


@contextmanager
def counted_refusals() -> Iterator[None]:
    """Counts by its code whatever is refused meanwhile."""
    try:
        yield
    except Refusal as refusal:
        tally.add("upload_failures", refusal.code)
        raise


def _stored(user: User, path: Path, sent: _Sent) -> Stored:
    inspected = _inspected(path)
    sha256, sha1 = digests(path)
    if repeated := _answered_before(user, sent.idempotency_key, sha256):
        return Stored(repeated, duplicate=False)
    if earlier := known(user, sha256):
        if earlier.sha1 is None:  # it came before this was noted
            Photo.objects.filter(pk=earlier.pk).update(sha1=sha1)
        return Stored(earlier, duplicate=True)
    upload = _open(user, path.stat().st_size, sha256, sent.idempotency_key)
    _store(upload, path, inspected.content_type)
    sides = (inspected.width, inspected.height)
    photo = photo_of(upload, inspected.content_type, sides, sent.filename, sent.taken, sent.told)
    photo.sha1 = sha1
    return complete(upload, photo, sample=sent.sample)


def check_size(size: int, most: int | None = None) -> None:
    """Raises Refusal where a file of `size` bytes is empty or above the limit, by default that for one photo."""
    if not size:
        raise Refusal(
            "empty", _("The file is empty. Perhaps it was not copied completely; choose it again."), 422
        )
    if size > (most or settings.MAX_UPLOAD_BYTES):
        raise too_large(most)


def too_large(most: int | None = None) -> Refusal:
    limit = filesizeformat(most or settings.MAX_UPLOAD_BYTES)
    sentence = _("The file is larger than %(limit)s, the most that one file may have here.")
    return Refusal("too_large", sentence % {"limit": limit}, 413)


@contextmanager
def _on_disk(file: "UploadedFile[Any]") -> Iterator[Path]:
    """The upload as a file: large ones already are, small ones are written to the data folder for a moment."""
    if isinstance(file, TemporaryUploadedFile):
        file.flush()
        yield Path(file.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile(dir=settings.FILE_UPLOAD_TEMP_DIR) as copy:
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        yield Path(copy.name)


def _inspected(path: Path) -> Inspected:
    try:
        return inspect(path)
    except Refused as error:
        raise refused(error) from error


def refused(error: Refused) -> Refusal:
    return Refusal(error.code, said(error.sentence), _STATUS.get(error.code, 422))


def _answered_before(user: User, idempotency_key: str, sha256: str) -> Photo | None:
    """The photo that an earlier request with this key made. Raises Refusal if the key came with other bytes."""
    if not idempotency_key:
        return None
    upload = Upload.objects.visible_to(user).filter(idempotency_key=idempotency_key).first()
    if upload is None or upload.state == Upload.State.FAILED:
        return None
    if upload.sha256 != sha256:
        raise Refusal(
            "idempotency_key_reused", _("This Idempotency-Key was used for another file. Use a new one."), 422
        )
    photo: Photo | None = Photo.objects.visible_to(user).filter(pk=upload.pk).first()
    return photo


def known(user: User, sha256: str) -> Photo | None:
    """Theirs with these bytes. One whose bytes nobody has seen yet answers nothing."""
    return known_of(user, [sha256]).get(sha256)


def known_of(user: User, sha256s: Collection[str]) -> Mapping[str, Photo]:
    """The same for many, by their SHA-256."""
    unchecked = Upload.objects.unchecked().filter(pk=OuterRef("pk"))
    same = Photo.objects.visible_to(user).filter(sha256__in=sha256s)
    return {photo.sha256: photo for photo in same.exclude(Exists(unchecked))}


def _open(user: User, size: int, sha256: str, idempotency_key: str = "", archive: str = "") -> Upload:
    """`archive`: the name of a zip file that is to be imported."""
    upload = Upload(
        owner=user,
        byte_size=size,
        sha256=sha256,
        idempotency_key=idempotency_key,
        filename=archive,
        archive=bool(archive),
    )
    try:
        with transaction.atomic():
            if idempotency_key:
                _free_key(user, idempotency_key)
            reserve(user, [upload], _OPEN_FOR)
    except IntegrityError as error:
        sentence = _("A request with this Idempotency-Key is still being answered. Ask again in a moment.")
        raise Refusal("idempotency_key_in_use", sentence, 409, retry_after=_RETRY_SECONDS) from error
    return upload


def reserve(owner: User, uploads: Sequence[Upload], lasts: timedelta) -> None:
    """Sets their space aside and stores their rows, in the caller's transaction. Raises Refusal where there is no room
    for all of them.
    """
    now = timezone.now()
    for upload in uploads:
        upload.key = keys.original(upload.pk)
        upload.created_at, upload.expires_at = now, now + lasts
    size = sum(upload.byte_size for upload in uploads)
    try:
        quota.reserve(owner, size)
    except quota.QuotaExceeded as error:
        sentence = _(
            "There is no room left for %(size)s. Delete photos for good to make room, or ask the operator for more."
        )
        raise Refusal("quota_exceeded", sentence % {"size": filesizeformat(size)}, 507) from error
    Upload.objects.bulk_create(uploads)


def _free_key(user: User, idempotency_key: str) -> None:
    """An upload that came to nothing, or whose request must have died, gives its key to the one that repeats it.

    So does one whose photo was deleted for good.
    """
    earlier = Upload.objects.visible_to(user).filter(idempotency_key=idempotency_key)
    for dead in earlier.filter(state=Upload.State.OPEN, created_at__lt=timezone.now() - _ANSWERED_WITHIN):
        fail_upload(dead, REPEATED)
    photo = Photo.objects.filter(pk=OuterRef("pk"))
    earlier.exclude(state=Upload.State.OPEN).exclude(Exists(photo)).update(idempotency_key="")


def _store(upload: Upload, path: Path, content_type: str) -> None:
    try:
        with path.open("rb") as body:
            storage.put_original(
                upload.key, body, size=upload.byte_size, sha256=upload.sha256, content_type=content_type
            )
    except (storage.StorageAway, storage.ObjectExists) as error:
        fail_upload(upload, str(error))
        log.warning("upload_not_stored", upload=str(upload.pk), error=str(error))
        raise storage_away() from error


def storage_away() -> Refusal:
    sentence = _(
        "The photo store does not answer just now. Nothing was kept of this file; send it again soon."
    )
    return Refusal("storage_unavailable", sentence, 503, retry_after=_RETRY_SECONDS)


def complete(upload: Upload, photo: Photo, *, sample: bool = False, checked: bool = True) -> Stored:
    """The one transaction that makes a Photo and its Jobs. Of two uploads of the same bytes one wins.

    `checked`: the bytes are known to be those of the upload's SHA-256; otherwise a worker looks first.
    """
    state = Upload.State.DONE if checked else Upload.State.CHECKING
    try:
        with transaction.atomic():
            if not Upload.objects.open().filter(pk=upload.pk).update(state=state):
                if done := Photo.objects.filter(pk=upload.pk).first():
                    return Stored(done, duplicate=False)
                raise Refusal(
                    "upload_expired", _("The upload took too long and was ended. Send the file again."), 409
                )
            _make(upload.owner, [photo])
            if sample:
                Sample.objects.create(photo=photo, owner=upload.owner)
    except IntegrityError:
        earlier = known(upload.owner, upload.sha256)
        fail_upload(upload, TWICE)
        if earlier is None and Photo.objects.visible_to(upload.owner).filter(sha256=upload.sha256).exists():
            raise being_checked() from None
        if earlier is None:
            raise
        return Stored(earlier, duplicate=True)
    return Stored(photo, duplicate=False)


def complete_together(owner: User, arrived: Sequence[tuple[Photo, bool]]) -> bool:
    """The same for many in one transaction, with whether each is checked. False, and nothing is done, where one of them
    has to be looked at by itself: its bytes are here by now, or its upload is over."""
    checked = {state: [photo.pk for photo, seen in arrived if seen == state] for state in (True, False)}
    try:
        with transaction.atomic():
            for seen, state in ((True, Upload.State.DONE), (False, Upload.State.CHECKING)):
                if Upload.objects.open().filter(pk__in=checked[seen]).update(state=state) != len(
                    checked[seen]
                ):
                    raise IntegrityError
            _make(owner, [photo for photo, _ in arrived])
    except IntegrityError:
        return False
    return True


def _make(owner: User, photos: Sequence[Photo]) -> None:
    Photo.objects.bulk_create(photos)
    copies.added(*photos)
    quota.spend(owner, sum(photo.byte_size for photo in photos))
    jobs.add(*photos)


def being_checked() -> Refusal:
    sentence = _("The same file was sent a moment ago and is still being checked. Send it again in a minute.")
    return Refusal("being_checked", sentence, 409, retry_after=_RETRY_SECONDS)


def photo_of(
    upload: Upload,
    content_type: str,
    sides: tuple[int, int],
    filename: str,
    said: Taken | None = None,
    told: Told = NOTHING,
) -> Photo:
    """Until its own facts are read, which come before what is told of its file, and before its name."""
    width, height = sides
    guessed = told.taken or named(filename, upload.created_at) or told.written
    taken = said or guessed or Taken(upload.created_at.astimezone(UTC))
    source = Photo.TakenSource
    return Photo(
        pk=upload.pk,
        owner=upload.owner,
        original_key=upload.key,
        sha256=upload.sha256,
        byte_size=upload.byte_size,
        content_type=content_type,
        filename=clean_filename(filename),
        width=width,
        height=height,
        taken_local=taken.local,
        taken_offset=taken.offset,
        taken_source=source.USER if said else source.FILE if guessed else source.UPLOAD,
        **told.fields(upload.created_at),
    )


def clean_filename(name: str) -> str:
    """A name to show and to download under: the last path part, printable, at most 255 characters, never empty.

    It never becomes part of an object's key. Direction marks that would disguise an extension are dropped.
    """
    last = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1][-_MOST_OF_A_NAME:])
    clean = " ".join("".join(c for c in last if c.isprintable()).split())
    if len(clean) > 255:
        stem, dot, extension = clean.rpartition(".")
        keep = f".{extension[:20]}" if dot else ""
        clean = (stem or clean)[: 255 - len(keep)] + keep
    return clean.strip(". ") or "photo"
