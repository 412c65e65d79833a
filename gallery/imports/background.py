"""Zip files that people send: each lies in the bucket, and workers bring its photos in, a while at a time.

How far it is stands in its row after each file. Whoever dies in between leaves a lease that ends; who goes on meets
at most one file again, whose photo is here then.
"""

import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone, translation

from accounts import quota
from accounts.models import User
from gallery import storage
from gallery.imports import archives, loose, plan, ranges
from gallery.imports.entry import Unreadable
from gallery.imports.importing import Outcome, Stopped, bring_in
from gallery.imports.plan import Plan
from gallery.imports.report import Report
from gallery.intake import direct
from gallery.intake.receive import store_archive
from gallery.models import Import, Purge, Upload
from gallery.pipeline import left_out, queue
from gallery.pipeline.sweep import GIVEN_UP

log: Final = structlog.get_logger("photosite.imports")
_SHIFT_SECONDS: Final = 20
_LEASE: Final = timedelta(minutes=3)  # longer than the largest photo takes
_AGAIN: Final = timedelta(minutes=1)


class _Lost(Exception):
    """Somebody else is at it, or it is over."""


def complete(upload: Upload, etags: Mapping[int, str]) -> Import:
    """What was sent becomes an import, whose photos workers bring in. Asked again it answers the same. Raises Refusal:
    what can still be mended leaves the upload open."""
    if earlier := Import.objects.visible_to(upload.owner).filter(pk=upload.pk).first():
        return earlier
    direct.check_arrived(upload, etags)
    return _made(upload)


def store(user: User, file: "UploadedFile[Any]", *, filename: str) -> Import:
    """The same of a zip file that came through this machine, as by a form. Raises Refusal: nothing is left of it."""
    return _made(store_archive(user, file, filename=filename))


def _made(upload: Upload) -> Import:
    with transaction.atomic():
        if not Upload.objects.open().filter(pk=upload.pk).update(state=Upload.State.DONE):
            raise direct.over(upload)
        made: Import = Import.objects.create(
            pk=upload.pk,
            owner=upload.owner,
            key=upload.key,
            filename=upload.filename,
            byte_size=upload.byte_size,
        )
        queue.announce_import()
    return made


def give_up(wanted: Import) -> None:
    """Ends one that is under way; what is here of it stays."""
    _end(Import.objects.waiting().filter(pk=wanted.pk), Import.State.FAILED, GIVEN_UP)


def shift() -> None:
    """Goes on with one import for a while, and passes the word on if there is more to do."""
    claimed = _claimed()
    if claimed is None:
        return
    over = time.monotonic() + _SHIFT_SECONDS
    with structlog.contextvars.bound_contextvars(importing=str(claimed.pk)), translation.override("en"):
        try:
            _go_on(claimed, over)
        except _Lost:
            return
        except (Unreadable, storage.ObjectMissing) as error:
            reason = error.reason if isinstance(error, Unreadable) else left_out.LOST
            _end(_held(claimed), Import.State.FAILED, reason)
        except storage.StorageAway:
            _postpone(claimed)
        except Stopped as stopped:
            if stopped.code == "storage_unavailable":
                _postpone(claimed)
            else:
                _end(_held(claimed), Import.State.FAILED, stopped.reason)


def _claimed() -> Import | None:
    """The next one whose owner has no other under way: who sends fifty archives holds up nobody else's labels."""
    now = timezone.now()
    busy = Import.objects.waiting().filter(lease_until__gte=now).values("owner")
    for candidate in Import.objects.due(now).exclude(owner__in=busy).order_by("ready_at")[:8]:
        token = uuid.uuid4()
        with transaction.atomic():
            mine = Import.objects.due(now).filter(pk=candidate.pk)
            if not mine.update(lease_until=now + _LEASE, lease_token=token, reason=""):
                continue
            # From here on its photos need the room.
            if Import.objects.filter(pk=candidate.pk, reserved=True).update(reserved=False):
                quota.release(candidate.owner, candidate.byte_size)
        claimed: Import = Import.objects.select_related("owner").get(pk=candidate.pk)
        return claimed
    return None


def _go_on(claimed: Import, over: float) -> None:
    """Raises Unreadable, Stopped, ObjectMissing, StorageAway, _Lost."""
    with (
        ranges.opened(claimed.key, claimed.byte_size) as file,
        archives.opened(file) as archive,
    ):
        planned = plan.made(archives.members(archive, claimed.filename))
        report = Report.of(claimed.report)
        if claimed.files is None:
            _begin(claimed, planned, report)
        for number, item in enumerate(planned.items[claimed.looked_at :], claimed.looked_at + 1):
            outcome = bring_in(claimed.owner, item)
            report.add(outcome)
            loose.note_photo(claimed, item, outcome.photo)
            _write(claimed, looked_at=number, report=report.as_json(), lease_until=timezone.now() + _LEASE)
            if time.monotonic() >= over:
                _write(claimed, lease_until=None, lease_token=None)
                queue.announce_import()
                return
    loose.join(claimed)
    _end(_held(claimed), Import.State.DONE, "")
    log.info("import_done", **report.counts)


def _begin(claimed: Import, planned: Plan, report: Report) -> None:
    for one in planned.left_out:
        report.add(Outcome(one.place, "refused" if one.refused else "skipped", one.reason))
    loose.note_told(claimed, planned)
    _write(claimed, files=len(planned.items), report=report.as_json())


def _held(claimed: Import) -> Any:
    return Import.objects.waiting().filter(pk=claimed.pk, lease_token=claimed.lease_token)


def _write(claimed: Import, **fields: Any) -> None:
    """Raises _Lost."""
    if not _held(claimed).update(**fields):
        raise _Lost


def _postpone(claimed: Import) -> None:
    _held(claimed).update(
        reason=left_out.WAITS, ready_at=timezone.now() + _AGAIN, lease_until=None, lease_token=None
    )
    queue.announce_import(after_seconds=_AGAIN.total_seconds())


def _end(rows: Any, state: str, reason: str) -> None:
    """Its archive is deleted; what of its size is still set aside is given back."""
    with transaction.atomic():
        ended = rows.select_for_update().first()
        if ended is None:
            return
        if ended.reserved:
            quota.release(ended.owner, ended.byte_size)
        Import.objects.filter(pk=ended.pk).update(
            state=state,
            reason=reason,
            reserved=False,
            finished_at=timezone.now(),
            lease_until=None,
            lease_token=None,
        )
        Purge.objects.get_or_create(storage=Purge.Storage.ORIGINALS, key=ended.key)
        queue.announce_purge()
        queue.announce_import()


def own(user: User, import_id: uuid.UUID) -> Import | None:
    found: Import | None = Import.objects.visible_to(user).filter(pk=import_id).first()
    return found


def latest(user: User, most: int) -> list[Import]:
    """The newest imports of this user."""
    return list(Import.objects.visible_to(user).order_by("-created_at")[:most])
