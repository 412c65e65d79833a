"""A photo: whose it is, where its original lies, what is known about it."""

import base64
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Final, Self

from django.db import models
from django.db.models import Aggregate, Count, F, FilteredRelation, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from gallery.folding import LONGEST, fold
from gallery.likeness import BAND, BANDS
from gallery.models.owned import OwnedQuerySet

KEPT_IN_TRASH: Final = timedelta(days=30)


class Joined(Aggregate):
    """Texts as one, with commas between them; in no order."""

    function = "GROUP_CONCAT"
    template = "%(function)s(%(expressions)s, ', ')"
    output_field = models.TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, function="STRING_AGG", **more)


class PhotoQuerySet(OwnedQuerySet["Photo"]):
    def live(self) -> Self:
        return self.filter(trashed_at__isnull=True)

    def in_timeline(self) -> Self:
        """In the words of the index that the timeline is read from."""
        return self.live().filter(archived_at__isnull=True)

    def archived(self) -> Self:
        return self.live().filter(archived_at__isnull=False)

    def trashed(self) -> Self:
        return self.filter(trashed_at__isnull=False)

    def locked(self) -> Self:
        """Held until the transaction ends, in one order: whoever changes what is counted does this first."""
        return self.select_for_update().order_by("pk")

    def newest_first(self) -> Self:
        return self.order_by("-taken_local", "-id")

    def with_labels(self) -> Self:
        """Renditions, jobs and labels in a fixed number of queries, however many photos."""
        return self.prefetch_related(
            "renditions", "jobs", self._labelled("detections"), self._labelled("verdicts")
        )

    def with_everything(self) -> Self:
        """Boxes, too."""
        return self.with_labels().prefetch_related("detections__instances")

    def with_lookalikes(self) -> Self:
        """With `lookalikes`, how many others outside the trash look like it, in the same statement."""
        others = self.model._default_manager.filter(
            owner=OuterRef("owner"), alike=OuterRef("alike"), trashed_at=None
        ).exclude(pk=OuterRef("pk"))
        count = others.order_by().values("alike").annotate(count=Count("*")).values("count")
        return self.annotate(lookalikes=Subquery(count))

    def _labelled(self, relation: str) -> "Prefetch[str]":
        """These with their labels, joined: to look up over 1,000 of them by id is too much for SQLite."""
        rows: Any = self.model._meta.get_field(relation).related_model
        return Prefetch(relation, rows._default_manager.select_related("label"))

    def for_tiles(self) -> Self:
        """With what a tile shows, in the same statement: its thumb, or that none can be made."""
        rows = self.alias(
            thumb=FilteredRelation("renditions", condition=Q(renditions__spec="thumb")),
            stopped=FilteredRelation("jobs", condition=Q(jobs__step="renditions", jobs__state="failed")),
        )
        return rows.annotate(
            thumb_key=F("thumb__key"),
            thumb_width=F("thumb__width"),
            thumb_height=F("thumb__height"),
            stopped_job=F("stopped__pk"),
        ).only(
            "width",
            "height",
            "taken_local",
            "filename",
            "caption",
            "caption_by_owner",
            "veiled",
            "favourite_at",
            "trashed_at",
        )

    def for_owners_tiles(self) -> Self:
        """And with the names of labels that its owner confirmed, as one text: in words it is what they say it is."""
        verdicts: Any = self.model._meta.get_field("verdicts").related_model
        said = verdicts._default_manager.filter(
            photo=OuterRef("pk"), state="confirmed", label__kind__in=["label", "celebrity"]
        )
        named = said.order_by().values("photo").annotate(names=Joined("label__name")).values("names")
        return self.for_tiles().annotate(confirmed=Subquery(named))


class Photo(models.Model):
    class TakenSource(models.TextChoices):
        """Where `taken_local` comes from, most trusted first."""

        USER = "user", _("you")
        EXIF = "exif", _("the camera")
        FILE = "file", _("the file")
        UPLOAD = "upload", _("the upload")

    class Kind(models.TextChoices):
        """What is in the file beside the picture that is shown."""

        STILL = "still", _("still picture")
        ANIMATED = "animated", _("Animated")
        MOTION = "motion", _("Motion photo")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(User, models.CASCADE, related_name="photos", db_index=False)
    original_key = models.CharField(max_length=100, unique=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # Only for programs that ask by it what is here already (gallery/api/immich/); null until somebody read the bytes.
    sha1 = models.BinaryField(max_length=20, null=True, editable=False)
    byte_size = models.PositiveBigIntegerField(_("bytes"), editable=False)
    content_type = models.CharField(_("type"), max_length=50, editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.STILL, editable=False)
    filename = models.CharField(_("file name"), max_length=255)
    width = models.PositiveIntegerField(_("width"), help_text=_("Pixels of the upright picture."))
    height = models.PositiveIntegerField(_("height"))
    # What its owner wants beside the untouched original. Size, thumbhash and renditions follow together, when a worker
    # has made them; boxes lie on the original as it came, and are turned where they are shown.
    quarter_turns = models.PositiveSmallIntegerField(
        _("quarter turns"), default=0, help_text=_("Clockwise, from how the original stands.")
    )
    edition = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Goes up each time its renditions are to be others; in their keys."),
    )

    # The clock on the wall where it was taken, stored as if it were UTC: what order, months and searches use.
    taken_local = models.DateTimeField(_("taken"))
    taken_offset = models.SmallIntegerField(_("minutes from UTC"), null=True, blank=True)
    taken_source = models.CharField(max_length=6, choices=TakenSource, default=TakenSource.UPLOAD)
    camera_make = models.CharField(_("maker"), max_length=100, blank=True)
    camera_model = models.CharField(_("camera"), max_length=100, blank=True)
    camera_folded = models.CharField(max_length=LONGEST, blank=True, editable=False)  # for `camera:`
    lens = models.CharField(_("lens"), max_length=100, blank=True)
    # gallery.exposure.Exposure as a row: seven numbers that are shown together and never searched for.
    exposure = models.JSONField(_("exposure"), null=True, blank=True, editable=False)
    rating = models.PositiveSmallIntegerField(_("stars in the file"), null=True, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    altitude = models.FloatField(_("altitude in metres"), null=True, blank=True)
    thumbhash = models.BinaryField(max_length=40, default=bytes, editable=False)
    # What it looks like as its original stands (imaging/phash.py); None: not known yet, or too plain to be compared.
    phash = models.BigIntegerField(null=True, editable=False)
    compared_at = models.DateTimeField(
        null=True, editable=False, help_text=_("When it was put beside what looks like it; empty: to do.")
    )
    alike = models.UUIDField(
        null=True, editable=False, help_text=_("The same for photos that look alike, until told apart.")
    )

    caption = models.TextField(_("caption"), max_length=2000, blank=True)
    # Until then it is what the file says, if anything; a caption that its owner took away stays away.
    caption_by_owner = models.BooleanField(
        default=False, editable=False, help_text=_("Its owner wrote the caption, or took it away.")
    )
    veiled = models.BooleanField(
        _("veiled"), default=False, help_text=_("A content warning stands on it: shown when it is asked for.")
    )
    favourite_at = models.DateTimeField(_("favourite since"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived since"), null=True, blank=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True)
    uploaded_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    objects: ClassVar = PhotoQuerySet.as_manager()

    class Meta:
        verbose_name = _("photo")
        verbose_name_plural = _("photos")
        permissions = [
            ("see_larger", _("Can look at somebody's photo larger than a thumbnail; it is written down")),
        ]
        constraints = [
            models.UniqueConstraint("owner", "sha256", name="photo_same_bytes_once_per_owner"),
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="photo_has_a_size"),
            models.CheckConstraint(
                condition=Q(sha1=None) | Q(Exact(Length("sha1"), 20)), name="photo_sha1_is_whole"
            ),
            models.CheckConstraint(condition=Q(byte_size__gt=0), name="photo_has_bytes"),
            models.CheckConstraint(condition=Q(quarter_turns__range=(0, 3)), name="photo_turned_in_quarters"),
            models.CheckConstraint(
                condition=Q(taken_source__in=["user", "exif", "file", "upload"]),
                name="photo_taken_source_known",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="photo_position_on_earth",
            ),
            models.CheckConstraint(condition=Q(phash=None) | Q(phash__gte=0), name="photo_phash_of_63_bits"),
            models.CheckConstraint(
                condition=Q(kind__in=["still", "animated", "motion"]), name="photo_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(rating=None) | Q(rating__range=(0, 5)), name="photo_stars_to_five"
            ),
            models.CheckConstraint(
                condition=Q(taken_offset=None) | Q(taken_offset__range=(-18 * 60, 18 * 60)),
                name="photo_offset_on_earth",
            ),
        ]
        # Of two that serve as well, SQLite takes the later one: so the narrower stands after the wider.
        indexes = [
            models.Index(
                F("owner"),
                F("taken_local").desc(),
                F("id").desc(),
                name="photo_library",  # searches see the archive, too
                condition=Q(trashed_at=None),
            ),
            models.Index(
                F("owner"),
                F("taken_local").desc(),
                F("id").desc(),
                name="photo_timeline",
                condition=Q(trashed_at=None, archived_at=None),
            ),
            models.Index(
                F("owner"),
                F("taken_local").desc(),
                F("id").desc(),
                name="photo_archive",
                condition=Q(trashed_at=None, archived_at__isnull=False),
            ),
            models.Index(
                F("owner"),
                F("taken_local").desc(),
                F("id").desc(),
                name="photo_trash",
                condition=Q(trashed_at__isnull=False),
            ),
            models.Index(
                F("owner"),
                F("taken_local").desc(),
                F("id").desc(),
                name="photo_favourites",
                condition=Q(trashed_at=None, favourite_at__isnull=False),
            ),
            models.Index(
                F("uploaded_at").desc(), F("id").desc(), name="photo_newest"
            ),  # of all owners, for staff
            # All that the map asks of: a box is a range of it, and no row has to be read.
            models.Index(
                fields=["owner", "latitude", "longitude", "taken_local", "id", "trashed_at"],
                name="photo_places",
                condition=Q(trashed_at=None, latitude__isnull=False),
            ),
            models.Index(fields=["owner", "sha1"], name="photo_sha1", condition=Q(sha1__isnull=False)),
            models.Index(F("trashed_at"), name="photo_expiry", condition=Q(trashed_at__isnull=False)),
            # Two hashes that are alike have nearly the same bits in one of four places at least (gallery/likeness.py).
            *(
                models.Index(
                    F("owner"),
                    F("phash").bitrightshift(shift).bitand(BAND),
                    name=f"photo_like_{shift}",
                    condition=Q(phash__isnull=False),
                )
                for shift in BANDS
            ),
            # All that is asked of them to find which are to be shown.
            models.Index(
                fields=["owner", "alike", "trashed_at", "taken_local"],
                name="photo_alike",
                condition=Q(alike__isnull=False),
            ),
            models.Index(F("id"), name="photo_to_compare", condition=Q(compared_at=None)),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def wall_clock(self) -> datetime:
        """When it was taken, for people to read."""
        return wall_clock(self.taken_local)

    @property
    def leaves_trash_at(self) -> datetime | None:
        """When it is deleted for good, if nobody takes it out of the trash."""
        return self.trashed_at and self.trashed_at + KEPT_IN_TRASH

    @property
    def camera(self) -> str:
        """Maker and model as people say it: "Canon EOS R5" and "NIKON D850", not "NIKON CORPORATION NIKON D850"."""
        if self.camera_model.casefold().split()[:1] == self.camera_make.casefold().split()[:1]:
            return self.camera_model
        return f"{self.camera_make} {self.camera_model}".strip()

    @classmethod
    def folded_camera(cls, make: str, model: str) -> str:
        """Maker and model as searches compare them."""
        return fold(f"{make} {model}")

    @property
    def own_caption(self) -> str:
        """What its owner says of it, for others to read; what only the file says is nobody else's business."""
        return self.caption if self.caption_by_owner else ""

    @property
    def shown_turns(self) -> int:
        """How far the renditions that are shown now are turned; from what was prefetched."""
        return next((made.quarter_turns for made in self.renditions.all()), 0)

    def size_like(self, made: Any) -> tuple[int, int]:
        """Width and height as this rendition of it (or None) lies: it may have been turned between two statements."""
        size = (self.width, self.height)
        lies_otherwise = made and (made.width - made.height) * (self.width - self.height) < 0
        return size[::-1] if lies_otherwise else size

    @property
    def thumbhash_base64(self) -> str:
        return base64.b64encode(bytes(self.thumbhash)).decode()


def wall_clock(taken_local: datetime) -> datetime:
    """Without a time zone, or a page would move it into its reader's."""
    return taken_local.astimezone(UTC).replace(tzinfo=None)
