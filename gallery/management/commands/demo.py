"""A demo user with real photographs in a running site, so that there is something to look at."""

import secrets
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any, Final
from uuid import UUID

import redis
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import people
from accounts.models import User
from gallery import storage
from gallery.exceptions import Refusal
from gallery.intake.receive import Stored, store_upload
from gallery.intake.taken import Taken
from gallery.management.collection import Shot, shots
from gallery.models import Job, Photo
from gallery.organise import albums
from gallery.organise import photos as organise
from gallery.organise.on_photo import labels_on
from gallery.pipeline.state import processing
from gallery.search.photos import shown_confidence
from gallery.views.panel import in_order

EMAIL: Final = "demo@example.org"
PATIENCE_SECONDS: Final = 120  # without any photo getting done
_MOST_LABELS: Final = 3
_START: Final = "Start the site in another terminal with `make run` and try again."


class Command(BaseCommand):
    help = f"Gives {EMAIL} some real photographs in the running site. Run twice, it changes nothing more."

    def handle(self, *args: Any, **options: Any) -> None:
        _assert_running()
        user, password = _user()
        sent = [(shot, self._send(user, shot)) for shot in shots(timezone.localdate())]
        _into_albums(user, [(shot, stored.photo.pk) for shot, stored in sent if not stored.duplicate])
        self._watch([stored.photo for _shot, stored in sent])
        self.stdout.write(f"\n  Sign in at {settings.PUBLIC_URL}/accounts/login/ as {EMAIL}")
        if password:
            self.stdout.write(f"  Password: {password} (shown this once)")
        else:
            self.stdout.write(
                "  The password was shown when this user was made. A new one: "
                f".venv/bin/python manage.py changepassword {EMAIL}"
            )
        self.stdout.write("  Who took the photographs: gallery/demo/CREDITS.md\n\n")

    def pause(self) -> None:
        """Between two looks at what the workers have done."""
        time.sleep(0.3)

    def _send(self, user: User, shot: Shot) -> Stored:
        name = shot.path.name
        file = SimpleUploadedFile(name, shot.path.read_bytes())
        try:
            stored = store_upload(user, file, filename=name, taken=Taken(shot.taken.replace(tzinfo=UTC)))
        except Refusal as refusal:
            raise CommandError(f"{name}: {refusal.sentence}") from refusal
        if not stored.duplicate:
            _describe(stored.photo, shot)
        self.stdout.write(f"  {name}: {_arrived(stored)}")
        return stored

    def _watch(self, photos: Iterable[Photo]) -> None:
        """Says of each photo what is on it, as soon as that is known."""
        waiting = {photo.pk for photo in photos}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while waiting:
            for photo in Photo.objects.filter(pk__in=waiting).with_everything():
                if processing(photo.jobs.all()) != "pending":
                    waiting.discard(photo.pk)
                    deadline = time.monotonic() + PATIENCE_SECONDS
                    self.stdout.write(f"  {photo.filename}: {_result(photo)}")
            if waiting and time.monotonic() > deadline:
                raise CommandError(
                    f"{len(waiting)} photos are stored but nobody works on them. Does the whole site run? "
                    f"Why they wait: {settings.PUBLIC_URL}/activity/"
                )
            if waiting:
                self.pause()


def _assert_running() -> None:
    """Nothing is begun that could not be ended."""
    if not storage.reachable():
        raise CommandError(f"The photo store does not answer. {_START}")
    try:
        with redis.Redis.from_url(settings.BROKER_URL, **settings.REDIS_TIMEOUTS) as queue:
            queue.ping()
    except redis.RedisError as error:
        raise CommandError(f"The queue does not answer. {_START}") from error


def _user() -> tuple[User, str]:
    """The demo user, and the password if it was made just now; else ""."""
    password = secrets.token_urlsafe(12)
    try:
        return people.add(EMAIL, password), password
    except people.AddressTaken:
        user = User.objects.filter(email__iexact=EMAIL).first()
        if user is None:
            raise CommandError(f"{EMAIL} is a further address of another account.") from None
        return user, ""


def _describe(photo: Photo, shot: Shot) -> None:
    if shot.caption:
        organise.edit(photo, caption=shot.caption)
    organise.favourite(photo, on=shot.favourite)


def _into_albums(user: User, new: Sequence[tuple[Shot, UUID]]) -> None:
    """What came just now goes into its albums; an album that its owner deleted does not come back by itself."""
    held: dict[str, list[UUID]] = defaultdict(list)
    for shot, photo_id in new:
        if shot.album:
            held[shot.album].append(photo_id)
    for title, photo_ids in held.items():
        album = albums.listed(user).filter(title=title).first() or albums.make(user, title)
        albums.add(user.pk, album.pk, photo_ids)


def _arrived(stored: Stored) -> str:
    if stored.photo.trashed_at:
        return "here already, in the trash"
    return "here already" if stored.duplicate else "stored"


def _result(photo: Photo) -> str:
    if reasons := [job.reason for job in photo.jobs.all() if job.state == Job.State.FAILED]:
        return f"could not be done: {' '.join(reasons)}"
    sure = [seen for seen in in_order(labels_on(photo)) if seen.certainty >= shown_confidence()]
    words = ", ".join(f"{seen.label.name} {int(seen.confidence)} %" for seen in sure[:_MOST_LABELS])
    return words or f"nothing was recognised with at least {shown_confidence():g} % confidence"
