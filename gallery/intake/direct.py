"""How a photo comes in past the web server: its sender puts the bytes into the bucket by signed addresses.

The space is reserved and the row is there before an address is given out. Small files are one PUT, whose SHA-256 S3
checks; larger ones come in parts, and what is in the bucket already is asked of S3 each time: that is all there is to
going on after a reload. Completing looks at what is really there, and then the photo comes in as any other one does.
"""

import contextlib
import dataclasses
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from gallery import signing, storage
from gallery.exceptions import Refusal
from gallery.imaging.errors import Refused
from gallery.imaging.formats import FORMATS
from gallery.imaging.inspect import Glimpsed, glimpse
from gallery.intake.receive import (
    Stored,
    being_checked,
    check_size,
    clean_filename,
    complete,
    counted_refusals,
    known,
    photo_of,
    refused,
    reserve,
    storage_away,
)
from gallery.models import Import, Photo, Upload
from gallery.pipeline import checking
from gallery.pipeline.reasons import said
from gallery.pipeline.sweep import ABANDONED, GIVEN_UP, fail_upload

log: Final = structlog.get_logger("photosite.intake")
MOST_AT_ONCE: Final = 16 * 1024 * 1024  # bytes in one PUT
PART_BYTES: Final = 8 * 1024 * 1024
LASTS: Final = timedelta(hours=24)
HEAD_BYTES: Final = 64 * 1024
_UNDECLARED: Final = "application/octet-stream"
_IMAGES: Final = frozenset(known.content_type for known in FORMATS)
# Until a worker has read the picture, where its size stands further on in the file.
_USUAL_SIDES: Final = (4, 3)


@dataclasses.dataclass(frozen=True)
class Asked:
    """What is to be sent. `sha256`: of all of it; `part_sha256s`: of each part, or none; all in hex. `archive`: a zip
    file that is to be imported, for which the latter will do."""

    filename: str
    size: int
    sha256: str
    content_type: str = ""
    part_sha256s: Sequence[str] = ()
    archive: bool = False


@dataclasses.dataclass(frozen=True)
class Wanted:
    """One PUT that is still to be made, with exactly these headers and `size` bytes."""

    number: int
    url: str
    headers: Mapping[str, str]
    size: int


@dataclasses.dataclass(frozen=True)
class Progress:
    """`wanted`: what is still to be sent; `present`: the parts that are in the bucket."""

    upload: Upload
    wanted: Sequence[Wanted]
    present: Sequence[storage.Part]


def begin(user: User, asked: Asked) -> Progress | Stored:
    """An upload of these bytes, new or the one that is open; or the photo that has them. Raises Refusal."""
    with counted_refusals():
        check(asked)
        if earlier := known(user, asked.sha256):
            return Stored(earlier, duplicate=True)
        if Upload.objects.visible_to(user).unchecked().filter(sha256=asked.sha256).exists():
            raise being_checked()
        return _progress_of(user, asked)


def _progress_of(user: User, asked: Asked) -> Progress:
    upload, fresh = _opened(user, asked)
    return fresh_progress(upload) if fresh else progress(_begun(upload))


def fresh_progress(upload: Upload) -> Progress:
    """Of one whose row has just been stored: nothing is there."""
    return _progress(_begun(upload), [])


def begin_archive(user: User, asked: Asked) -> Progress:
    """An upload of a zip file that is to be imported, new or the one that is open. Raises Refusal."""
    with counted_refusals():
        check_size(asked.size, settings.MAX_IMPORT_BYTES)
        _check_parts(asked)
        sha256 = asked.sha256 or _of_parts(asked.part_sha256s)
        if arrived := _being_imported(user, sha256, asked.size):
            return Progress(arrived, [], [])
        return _progress_of(user, dataclasses.replace(asked, sha256=sha256, archive=True))


def _being_imported(user: User, sha256: str, size: int) -> Upload | None:
    """The same archive, whose completion was answered and the answer lost: it need only be completed again."""
    there = Upload.objects.visible_to(user).filter(archive=True, sha256=sha256, byte_size=size)
    waiting = Import.objects.waiting().filter(owner=user).values("pk")
    found: Upload | None = there.filter(state=Upload.State.DONE, pk__in=waiting).first()
    return found


def progress(upload: Upload) -> Progress:
    """Where it stands, by what S3 says. Raises Refusal while the photo store does not answer."""
    if upload.state != Upload.State.OPEN:
        return Progress(upload, [], [])
    return _progress(upload, _present(upload))


def _progress(upload: Upload, present: Sequence[storage.Part]) -> Progress:
    there = {part.number for part in present}
    return Progress(upload, [one for one in _wanted(upload) if one.number not in there], present)


def finish(upload: Upload, etags: Mapping[int, str]) -> Stored:
    """Looks at what is really in the bucket, and makes it a photo. Asked again it answers the same.

    `etags`: of the parts by number, as S3 told whoever sent them. Raises Refusal: what can still be mended leaves the
    upload open, anything else ends it, and nothing is left.
    """
    with counted_refusals():
        if photo := Photo.objects.visible_to(upload.owner).filter(pk=upload.pk).first():
            return Stored(photo, duplicate=False)
        photo, checked = arrived(upload, etags)
        return complete(upload, photo, checked=checked)


def arrived(upload: Upload, etags: Mapping[int, str]) -> tuple[Photo, bool]:
    """The photo to be made of what lies in the bucket, and whether its bytes are known to be those that were announced.

    Raises Refusal as `finish` does.
    """
    checked = check_arrived(upload, etags)
    with storage_may_be_away(upload):
        seen = _glimpsed(upload)
    return photo_of(upload, seen.content_type, seen.sides or _USUAL_SIDES, upload.filename), checked


@contextmanager
def storage_may_be_away(upload: Upload) -> Iterator[None]:
    """Raises Refusal."""
    try:
        yield
    except storage.StorageAway as error:
        log.warning("upload_not_completed", upload=str(upload.pk), error=str(error))
        raise storage_away() from error


def over(upload: Upload) -> Refusal:
    sentence = _("This upload is over: %(reason)s") % {"reason": said(upload.reason)}
    return Refusal("upload_over", sentence, 409)


def give_up(upload: Upload) -> None:
    """Ends it and gives its space back; what was sent is deleted soon. One that is over stays what it is."""
    fail_upload(upload, GIVEN_UP)


def check(asked: Asked) -> None:
    """Raises Refusal where nobody could send such a file."""
    check_size(asked.size)
    _check_parts(asked)


def check_arrived(upload: Upload, etags: Mapping[int, str]) -> bool:
    """Joins what came in parts, and looks at the size of what is really there, and at its checksum. True: S3 has seen
    that it is what was announced. Raises Refusal: what can still be mended leaves the upload open."""
    if upload.state != Upload.State.OPEN:
        raise over(upload)
    with storage_may_be_away(upload):
        if upload.multipart:
            _join(upload, etags)
        head = _head(upload)
    if head.size != upload.byte_size:
        sizes = {"sent": head.size, "announced": upload.byte_size}
        raise _ended(upload, "other_size", checking.OTHER_SIZE % sizes)
    checked = head.checksum == storage.checksum_of(upload.sha256)
    if not checked and not _in_good_parts(upload, head):
        raise _ended(upload, "other_bytes", checking.OTHER_BYTES)
    return checked


def _check_parts(asked: Asked) -> None:
    count = len(_sizes(asked.size))
    if asked.part_sha256s and (count == 1 or len(asked.part_sha256s) != count):
        sentence = _(
            "A file of this size comes in %(count)d parts of 8 MiB; give the SHA-256 of each, or of none."
        )
        raise Refusal("part_checksums", sentence % {"count": count}, 422)


def _of_parts(sha256s: Sequence[str]) -> str:
    """What stands for the SHA-256 of an archive that nobody reads twice: that of the SHA-256s of its parts."""
    if not sha256s:
        sentence = _("Give the SHA-256 of the file, or of each of its parts where it is above 16 MiB.")
        raise Refusal("sha256_missing", sentence, 422)
    return hashlib.sha256(bytes.fromhex("".join(sha256s))).hexdigest()


def new(user: User, asked: Asked) -> Upload:
    """Its row, which is not stored yet."""
    return Upload(
        owner=user,
        byte_size=asked.size,
        sha256=asked.sha256,
        direct=True,
        archive=asked.archive,
        filename=clean_filename(asked.filename),
        content_type=asked.content_type if asked.content_type in _IMAGES else _UNDECLARED,
        part_sha256s=list(asked.part_sha256s),
    )


def _opened(user: User, asked: Asked) -> tuple[Upload, bool]:
    """And whether it is a new one. Of many who ask for the same at once one opens it, and all get the same."""
    upload = new(user, asked)
    same = Upload.objects.visible_to(user).open().filter(direct=True, sha256=asked.sha256)
    for over in same.filter(expires_at__lt=timezone.now()):
        fail_upload(over, ABANDONED)
    if there := same.first():
        return _the_same(there, asked), False
    try:
        with transaction.atomic():
            reserve(user, [upload], LASTS)
    except IntegrityError:
        if there := same.first():
            return _the_same(there, asked), False
        raise
    return upload, True


def _the_same(upload: Upload, asked: Asked) -> Upload:
    """No two files have one SHA-256: who announces another size with it, or a photo where there was an archive, is
    mistaken in one of them."""
    if (upload.byte_size, upload.archive) != (asked.size, asked.archive):
        sentence = _(
            "An upload with this SHA-256 is under way, and it announced another size or kind. Give that one up first."
        )
        raise Refusal("upload_differs", sentence, 409)
    return upload


def _begun(upload: Upload) -> Upload:
    """S3 is told of parts once. What a second one told at the same moment is aborted."""
    if upload.multipart or len(_sizes(upload.byte_size)) == 1:
        return upload
    try:
        begun = storage.begin_parts(
            upload.key, content_type=upload.content_type, checked=bool(upload.part_sha256s)
        )
        if Upload.objects.open().filter(pk=upload.pk, multipart="").update(multipart=begun):
            upload.multipart = begun
            return upload
        storage.abort_parts(upload.key, begun)
    except storage.StorageAway as error:
        raise storage_away() from error
    upload.refresh_from_db()
    return upload


def _sizes(size: int) -> list[int]:
    """Of each PUT, in bytes."""
    if size <= MOST_AT_ONCE:
        return [size]
    whole, rest = divmod(size, PART_BYTES)
    return [PART_BYTES] * whole + ([rest] if rest else [])


def _wanted(upload: Upload) -> Iterator[Wanted]:
    sizes = _sizes(upload.byte_size)
    sha256s = upload.part_sha256s if upload.multipart else [upload.sha256]
    for number, size in enumerate(sizes, 1):
        headers = {"content-length": str(size)}
        if sha256s:
            headers["x-amz-checksum-sha256"] = storage.checksum_of(sha256s[number - 1])
        query: dict[str, str] = {}
        if upload.multipart:
            query = {"partNumber": str(number), "uploadId": upload.multipart}
        else:
            headers |= {"content-type": upload.content_type, "if-none-match": "*"}
        yield Wanted(number, signing.upload_url(upload.key, headers, query), headers, size)


def _present(upload: Upload) -> list[storage.Part]:
    """What is there; of another size than was signed for there can be nothing."""
    try:
        if upload.multipart:
            with contextlib.suppress(storage.ObjectMissing):  # joined, and the answer was lost
                return storage.parts(upload.key, upload.multipart)
        head = storage.original_head(upload.key)
        return [storage.Part(number, head.etag, size) for number, size in enumerate(_sizes(head.size), 1)]
    except (storage.ObjectMissing, storage.StorageDenied):
        return []  # 403 is what S3 says of what is not there
    except storage.StorageAway as error:
        raise storage_away() from error


def _in_good_parts(upload: Upload, head: storage.Head) -> bool:
    """Of one that came in parts S3 knows no SHA-256 of all, so a worker reads it through before anything else."""
    if not upload.multipart:
        return head.checksum is None
    return head.checksum == (storage.checksum_of_parts(upload.part_sha256s) if upload.part_sha256s else None)


def _join(upload: Upload, etags: Mapping[int, str]) -> None:
    try:
        present = storage.parts(upload.key, upload.multipart)
    except storage.ObjectMissing:
        return  # joined before; what is there is looked at next
    missing = sorted(set(range(1, len(_sizes(upload.byte_size)) + 1)) - {part.number for part in present})
    if missing:
        sentence = _("Parts are missing: %(numbers)s. Send them, then complete the upload.")
        raise Refusal("parts_missing", sentence % {"numbers": ", ".join(map(str, missing[:20]))}, 409)
    others = [
        part.number
        for part in present
        if etags.get(part.number, part.etag).strip('"') != part.etag.strip('"')
    ]
    if others:
        sentence = _("Other parts than those named are there: %(numbers)s. Send them again.")
        raise Refusal("parts_differ", sentence % {"numbers": ", ".join(map(str, others[:20]))}, 409)
    try:
        storage.join_parts(upload.key, upload.multipart, present, upload.part_sha256s)
    except (storage.ObjectExists, storage.ObjectMissing):
        return  # somebody else joined them at the same moment


def _head(upload: Upload) -> storage.Head:
    """403 is what S3 says of what is not there to who may not list."""
    try:
        return storage.original_head(upload.key)
    except (storage.ObjectMissing, storage.StorageDenied) as error:
        sentence = _(
            "The file is not there yet. Send it to the address that was given, then complete the upload."
        )
        raise Refusal("not_sent", sentence, 409) from error


def _glimpsed(upload: Upload) -> Glimpsed:
    try:
        return glimpse(storage.beginning_of_original(upload.key, HEAD_BYTES), upload.byte_size)
    except Refused as error:
        fail_upload(upload, error.sentence)
        raise refused(error) from error


def _ended(upload: Upload, code: str, reason: str) -> Refusal:
    fail_upload(upload, reason)
    return Refusal(code, said(reason), 422)


def own_upload(user: User, upload_id: UUID) -> Upload | None:
    """Of a photo or of an archive."""
    found: Upload | None = Upload.objects.visible_to(user).filter(direct=True, pk=upload_id).first()
    return found
