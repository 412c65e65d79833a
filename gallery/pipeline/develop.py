"""The step that makes renditions: original from the bucket, facts and smaller pictures out of it, rows.

Convergent: what is wanted and not present is made, what is there and wanted no more goes, so a second run makes nothing
but the facts. A bulk run may ask for all of them anew, over the old ones, which are there to be seen meanwhile.
"""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from gallery import keys, storage
from gallery.digests import sha1_of
from gallery.imaging.darkroom import Developed, Rendered, develop
from gallery.imaging.errors import Interrupted, Refused
from gallery.imaging.facts import Facts
from gallery.imaging.specs import AVIF_SPECS, SPECS, RenditionSpec
from gallery.models import Job, Photo, Purge, Rendition, Upload
from gallery.pipeline import copies, jobs, lookalikes
from gallery.pipeline.jobs import GivenUp, NotAsAnnounced, Postponed

LOST = "The original is missing in the bucket. The operator has been told; nothing was deleted by the site."
INTERRUPTED = "Making the smaller pictures was interrupted; it is tried again."
AWAY = "The photo store does not answer; this is tried again."
_SHOWN_FOR = timedelta(hours=2)  # signed URLs live no longer
DAMAGED = "The original in the bucket is not what was uploaded. The operator has been told."


def work(job: Job) -> None:
    """Makes what is missing, writes it down and ends the job if it is still ours."""
    photo = job.photo
    present = set(photo.renditions.values_list("key", flat=True))
    anew = job.run is not None and job.run.anew
    wanted = [spec for spec in specs() if anew or rendition_key(photo, spec) not in present]
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        developed = _develop(photo, Path(folder), wanted)
        for rendered in developed.renditions:
            _store(photo, rendered)
    jobs.finish(job, lambda: _save(photo, developed))
    if photo.phash is None:  # one that could not be compared before
        photo.compared_at = None
    photo.phash = developed.phash
    lookalikes.compare(photo)


def specs() -> tuple[RenditionSpec, ...]:
    """Which renditions each photo is to have on this site."""
    return SPECS + AVIF_SPECS if settings.AVIF else SPECS


def clean_up(photo: Photo) -> None:
    """After a photo went away while its renditions were made: they must go, too."""
    if not Photo.objects.filter(pk=photo.pk).exists():
        purge = [Purge(storage="renditions", key=rendition_key(photo, spec)) for spec in specs()]
        Purge.objects.bulk_create(purge, ignore_conflicts=True)


def give_up_edition(photos: Iterable[Photo]) -> None:
    """The renditions of these photos, which are locked, are to be others from now on.

    What a worker is storing just now, or stored before it died, is never asked for again: no edition comes twice.
    """
    waiting = Job.objects.waiting().filter(photo__in=photos, step="renditions").select_related("photo")
    unfinished = {job.photo for job in waiting}
    there = set(Rendition.objects.filter(photo__in=unfinished).values_list("key", flat=True))
    made = {rendition_key(photo, spec) for photo in unfinished for spec in specs()}
    Purge.objects.bulk_create(_in_a_while(sorted(made - there)), ignore_conflicts=True)


def rendition_key(photo: Photo, spec: RenditionSpec) -> str:
    tag = f"{spec.tag}-e{photo.edition}" if photo.edition else spec.tag
    return keys.rendition(photo.pk, tag, spec.extension)


def _develop(photo: Photo, folder: Path, wanted: list[RenditionSpec]) -> Developed:
    original = folder / "original"
    try:
        storage.fetch_original(photo.original_key, original, sha256=photo.sha256)
        Upload.objects.unchecked().filter(pk=photo.pk).update(state=Upload.State.DONE)
        _note_sha1(photo, original)
        return develop(original, photo.content_type, folder, wanted, quarter_turns=photo.quarter_turns)
    except Refused as refused:
        raise GivenUp(refused.sentence) from refused
    except Interrupted as error:
        raise Postponed(INTERRUPTED) from error
    except storage.ObjectMissing as error:
        raise GivenUp(LOST) from error
    except storage.ObjectDamaged as error:
        if Upload.objects.unchecked().filter(pk=photo.pk).exists():
            raise NotAsAnnounced from error
        raise GivenUp(DAMAGED) from error
    except storage.StorageAway as error:
        raise away() from error


def _note_sha1(photo: Photo, original: Path) -> None:
    """Of what came past the web server, or before it was noted."""
    if photo.sha1 is None:
        Photo.objects.filter(pk=photo.pk).update(sha1=sha1_of(original))


def _store(photo: Photo, rendered: Rendered) -> None:
    try:
        storage.put_rendition(
            rendition_key(photo, rendered.spec), rendered.path, content_type=rendered.spec.content_type
        )
    except storage.StorageAway as error:
        raise away() from error


def away() -> Postponed:
    return Postponed(AWAY, counted=False)


def _save(photo: Photo, developed: Developed) -> None:
    """All of it together, so that no page shows one rendition turned and another not. Raises Stale."""
    if not Photo.objects.filter(pk=photo.pk, edition=photo.edition).exists():
        raise jobs.Stale
    _purge_replaced(photo)
    for rendered in developed.renditions:
        Rendition.objects.update_or_create(
            photo=photo,
            spec=rendered.spec.name,
            defaults={
                "key": rendition_key(photo, rendered.spec),
                "content_type": rendered.spec.content_type,
                "width": rendered.width,
                "height": rendered.height,
                "byte_size": rendered.size,
                "quarter_turns": photo.quarter_turns,
            },
        )
    before = Photo.objects.locked().get(pk=photo.pk)
    sides = (developed.facts.width, developed.facts.height)
    sides = sides[::-1] if photo.quarter_turns % 2 else sides
    _tell(before, developed, sides)
    _count_again(before, developed.facts, sides)


def _tell(photo: Photo, developed: Developed, sides: tuple[int, int]) -> None:
    """What its owner wrote below it is never replaced by what the file says; what they took away stays away. And a file
    without a position says nothing of where it was taken: what was told of it elsewhere stands."""
    facts, (width, height) = developed.facts, sides
    where = {"latitude": facts.latitude, "longitude": facts.longitude, "altitude": facts.altitude}
    if facts.latitude is None:
        where = {name: value for name, value in where.items() if value is not None}
    again = {"compared_at": None} if photo.phash is None and developed.phash is not None else {}
    Photo.objects.filter(pk=photo.pk).update(
        width=width,
        height=height,
        camera_make=facts.camera_make,
        camera_model=facts.camera_model,
        camera_folded=Photo.folded_camera(facts.camera_make, facts.camera_model),
        lens=facts.lens,
        exposure=facts.exposure.as_row,
        rating=facts.rating,
        kind=facts.kind,
        thumbhash=developed.thumbhash,
        phash=developed.phash,
        **where,
        **again,
    )
    if facts.caption != photo.caption and not photo.caption_by_owner:
        photo.caption = facts.caption
        photo.save(update_fields=["caption"])
        copies.retold(photo)


def _purge_replaced(photo: Photo) -> None:
    """What was made by an older specification, when no page that shows it is open any more. What is wanted stays."""
    wanted = {spec.name: rendition_key(photo, spec) for spec in specs()}
    old = photo.renditions.exclude(key__in=wanted.values())
    Purge.objects.bulk_create(_in_a_while(old.values_list("key", flat=True)), ignore_conflicts=True)
    old.exclude(spec__in=wanted).delete()
    Purge.objects.filter(storage="renditions", key__in=wanted.values()).delete()


def _in_a_while(keys: Iterable[str]) -> Iterator[Purge]:
    due_at = timezone.now() + _SHOWN_FOR
    return (Purge(storage="renditions", key=key, due_at=due_at) for key in keys)


def _count_again(before: Photo, facts: Facts, sides: tuple[int, int]) -> None:
    """When it was taken, and what depends on that. What its owner said is never replaced by what the camera said."""
    if facts.taken_local and before.taken_source != Photo.TakenSource.USER:
        taken = facts.taken_local.replace(tzinfo=UTC)
        Photo.objects.filter(pk=before.pk).update(
            taken_local=taken, taken_offset=facts.taken_offset, taken_source=facts.taken_source
        )
        copies.retimed(before.pk, before.taken_local, taken)
    elif (before.width, before.height) != sides:
        copies.reshaped(before)
