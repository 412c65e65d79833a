"""Zip files that people send: each lies in the bucket, and workers bring its photos in, a while at a time.

How far it is stands in its row after each file. Whoever dies in between leaves a lease that ends; who goes on meets
at most one file again, whose photo is here then.
"""

import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import structlog
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone, translation

from accounts import quota
from accounts.models import User
from gallery import storage
from gallery.imports import archives, leases, loose, plan, ranges
from gallery.imports.entry import Unreadable
from gallery.imports.importing import Outcome, Stopped, bring_in
from gallery.imports.plan import Item, Plan
from gallery.imports.report import Report
from gallery.intake import direct
from gallery.intake.receive import store_archive
from gallery.models import Import, Purge, Upload
from gallery.pipeline import left_out, queue
from gallery.pipeline.sweep import GIVEN_UP

log: Final = structlog.get_logger("photosite.imports")
_SHIFT_SECONDS: Final = 20
_MOST_ATTEMPTS: Final = 5  # without a file that was through
_AGAIN: Final = timedelta(minutes=1)


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
    claimed = leases.claim()
    if claimed is None:
        return
    with structlog.contextvars.bound_contextvars(importing=str(claimed.pk)), translation.override("en"):
        if claimed.attempts > _MOST_ATTEMPTS:
            _end(leases.rows(claimed), Import.State.FAILED, left_out.FAULT)
            return
        with leases.kept(claimed):
            _attempt(claimed)


def _attempt(claimed: Import) -> None:
    try:
        _go_on(claimed)
    except leases.Lost:
        return
    except Unreadable as error:
        _end(leases.rows(claimed), Import.State.FAILED, error.reason)
    except storage.ObjectMissing:
        _end(leases.rows(claimed), Import.State.FAILED, left_out.LOST)
    except storage.StorageAway:
        _postpone(claimed, left_out.WAITS, attempts=0)
    except Stopped as stopped:
        if stopped.code == "storage_unavailable":
            _postpone(claimed, left_out.WAITS, attempts=0)
        else:
            _end(leases.rows(claimed), Import.State.FAILED, stopped.reason)
    except Exception as error:
        log.exception("import_fault", error=type(error).__name__)
        _postpone(claimed, left_out.FAULT)


def _go_on(claimed: Import) -> None:
    """Raises Unreadable, Stopped, ObjectMissing, StorageAway, Lost."""
    with (
        ranges.opened(claimed.key, claimed.byte_size) as file,
        archives.opened(file) as archive,
    ):
        planned = plan.made(archives.members(archive, claimed.filename))
        report = Report.of(claimed.report)
        if claimed.files is None:
            _begin(claimed, planned, report)
        over = time.monotonic() + _SHIFT_SECONDS
        for number, item in enumerate(planned.items[claimed.looked_at :], claimed.looked_at + 1):
            outcome = _brought_in(claimed.owner, item)
            report.add(outcome)
            loose.note_photo(claimed, item, outcome)
            leases.write(claimed, looked_at=number, report=report.as_json(), attempts=0)
            if time.monotonic() >= over:
                leases.write(claimed, lease_until=None, lease_token=None)
                queue.announce_import()
                return
    loose.join(claimed)
    _end(leases.rows(claimed), Import.State.DONE, "")
    log.info("import_done", **report.counts)


def _brought_in(owner: User, item: Item) -> Outcome:
    """A fault of ours with one file keeps no other one out."""
    try:
        return bring_in(owner, item)
    except (Stopped, storage.StorageAway, storage.ObjectMissing, DatabaseError, MemoryError):
        raise
    except Exception as error:
        log.exception("import_file_fault", error=type(error).__name__)
        return Outcome(item.entry.place, "refused", left_out.FAULT)


def _begin(claimed: Import, planned: Plan, report: Report) -> None:
    for one in planned.left_out:
        report.add(Outcome(one.place, "refused" if one.refused else "skipped", one.reason))
    with transaction.atomic():
        loose.note_told(claimed, planned)
        leases.write(claimed, files=len(planned.items), report=report.as_json())


def _postpone(claimed: Import, reason: str, **more: Any) -> None:
    again = timezone.now() + _AGAIN
    leases.rows(claimed).update(reason=reason, ready_at=again, lease_until=None, lease_token=None, **more)
    queue.announce_import(after_seconds=_AGAIN.total_seconds())


def _end(ending: Any, state: str, reason: str) -> None:
    """Its archive is deleted; what of its size is still set aside is given back."""
    with transaction.atomic():
        ended = ending.select_for_update().first()
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


def own(user: User, import_id: UUID) -> Import | None:
    found: Import | None = Import.objects.visible_to(user).filter(pk=import_id).first()
    return found


def latest(user: User, most: int) -> list[Import]:
    """The newest imports of this user."""
    return list(Import.objects.visible_to(user).order_by("-created_at")[:most])
