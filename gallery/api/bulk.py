"""/api/v1/photos/bulk/ and /api/v1/changes/: one action on many photos, and taking it back."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field, model_validator

from accounts.models import User
from gallery.api.albums import MOST_IDS
from gallery.api.auth import UserRequest
from gallery.api.problems import Problem
from gallery.api.schemas import LabelKind
from gallery.exceptions import Refusal
from gallery.labelling.prices import usd
from gallery.models import Photo
from gallery.models.photo import PhotoQuerySet
from gallery.organise import bulk, changes
from gallery.pipeline import runs
from gallery.pipeline.steps import LABELS
from gallery.search import grammar
from gallery.search import photos as search

router = Router(tags=["photos"])


class BulkIn(Schema):
    """Either `ids` or `q`, a search as in the list of photos, but one that names something; what is not the user's own
    is left alone. `label` is the name of one, for the actions on labels, and `kind` what kind of label it is; `album`
    the id of one, for those on albums. `dry_run`: `relabel` only says how many it would ask for, and the price."""

    model_config = {"extra": "forbid"}

    action: bulk.Action | Literal["relabel"]
    ids: Annotated[list[UUID], Field(max_length=MOST_IDS)] | None = None
    q: str | None = None
    label: str | None = None
    kind: LabelKind = "label"
    album: UUID | None = None
    dry_run: bool = False

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.ids is None) == (self.q is None):
            raise ValueError("send either ids or q")
        if (self.label is None) == (self.action in bulk.ABOUT_LABELS):
            raise ValueError("label goes with the actions on labels, and only with them")
        if self.kind != "label" and self.label is None:
            raise ValueError("kind goes with label, and only with it")
        if (self.album is None) == (self.action in bulk.ABOUT_ALBUMS):
            raise ValueError("album goes with the actions on albums, and only with them")
        if self.dry_run and self.action != "relabel":
            raise ValueError(
                "dry_run goes with relabel, and only with it: all else costs nothing and can be undone"
            )
        return self


class BulkOut(Schema):
    """`undo`: the id of the change, for /api/v1/changes/{id}/undo/; null where nothing was changed, and for `relabel`.
    `price_usd`: what `relabel` asks for is expected to cost; all else costs nothing. `run`: the id of its bulk run."""

    changed: int
    undo: UUID | None
    price_usd: float = 0
    run: UUID | None = None


class UndoneOut(Schema):
    """`changed`: how many photos are as they were before again."""

    changed: int


@router.post("/photos/bulk/", response={200: BulkOut, 404: Problem, 422: Problem})
def change_photos(request: UserRequest, asked: BulkIn) -> BulkOut:
    """Does one thing to many photos. Those that are as wanted already are not counted, and not touched. `relabel`
    asks again for their labels, behind new uploads, and pays again: it can be stopped, but not undone. `dry_run` tells
    the price first, and nothing is asked for."""
    if asked.action == "relabel":
        return _relabel(request.user, asked)
    found = _ids(request, asked)
    done = bulk.act(
        request.user.pk, asked.action, found, label=asked.label, kind=asked.kind, album=asked.album
    )
    return BulkOut(changed=done.changed, undo=done.change.pk if done.changed else None)


@router.post("/changes/{uuid:change_id}/undo/", response={200: UndoneOut, 404: Problem, 409: Problem})
def undo_change(request: UserRequest, change_id: UUID) -> UndoneOut:
    """Puts things back as they were, once; what was changed again since then stays as it is."""
    return UndoneOut(changed=changes.undo(request.user.pk, change_id))


def _relabel(user: User, asked: BulkIn) -> BulkOut:
    """How many photos are asked for, or with `dry_run` would be, and for how much."""
    mine = Photo.objects.visible_to(user)
    photos = mine.filter(pk__in=asked.ids) if asked.ids is not None else _found(user, asked)
    if asked.dry_run:
        told = runs.estimate(photos, LABELS.name)
        return BulkOut(changed=told.photos, undo=None, price_usd=float(told.cost_usd))
    words = asked.q if asked.q is not None else _("a choice of photos")
    run = runs.order(photos, LABELS.name, asked_for=words, ordered_by=user, owner=user)
    return BulkOut(changed=run.photos, undo=None, price_usd=float(usd(run.micro_usd)), run=run.pk)


def _found(user: User, asked: BulkIn) -> PhotoQuerySet:
    """Raises Refusal (422) for a search that names nothing: it would be all photos, and was hardly meant so."""
    query = grammar.parse(asked.q or "")
    if query.root is None:
        sentence = _("This search names nothing, so it would be all your photos. Write what to look for.")
        raise Refusal("blank_query", sentence, 422)
    return search.every(user, search.Wanted(query=query, trash=asked.action == "restore"))


def _ids(request: UserRequest, asked: BulkIn) -> Iterable[UUID]:
    if asked.q is None:
        return asked.ids or ()
    found = _found(request.user, asked).values_list("pk", flat=True)
    return _unpacked(b"".join(pk.bytes for pk in found.iterator()))


def _unpacked(packed: bytes) -> Iterator[UUID]:
    """What a search found before the first photo is changed: 16 bytes each, since it may be all that one has."""
    for first in range(0, len(packed), 16):
        yield UUID(bytes=packed[first : first + 16])
