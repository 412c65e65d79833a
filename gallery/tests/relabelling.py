"""Photos that a recogniser has labelled and labels again; what it says, each test says. No network."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils import timezone

from accounts.models import User
from gallery.models import Analysis, Detection, Instance, Job, Photo, Run, RunEntry
from gallery.models.photo import PhotoQuerySet
from gallery.pipeline import run, runs
from gallery.tests.collection import make_finished


class Recogniser:
    """Answers every picture with `labels` (name to confidence) as model `version`; or with `error`."""

    def __init__(self) -> None:
        self.labels: Mapping[str, float] = {}
        self.version = "3.0"
        self.error: Exception | None = None
        self.calls = 0

    def says(self, version: str, **labels: float) -> None:
        self.version, self.labels = version, labels

    def __call__(self, _operation: str, _jpeg: bytes, **_members: Any) -> dict[str, Any]:
        self.calls += 1
        if self.error:
            raise self.error
        return raw(self.version, self.labels)


def raw(version: str, labels: Mapping[str, float]) -> dict[str, Any]:
    """DetectLabels' answer with a box and a parent for each label."""
    box = {"Left": 0.1, "Top": 0.2, "Width": 0.5, "Height": 0.25}
    told = [
        {
            "Name": name,
            "Confidence": confidence,
            "Parents": [{"Name": "Thing"}],
            "Instances": [{"BoundingBox": box, "Confidence": confidence}],
        }
        for name, confidence in labels.items()
    ]
    return {"Labels": told, "LabelModelVersion": version}


def labelled(owner: User, count: int = 1, **fields: Any) -> list[Photo]:
    """New photos, labelled by what the recogniser says now."""
    photos = [make_finished(owner, **fields) for _ in range(count)]
    Job.objects.filter(photo__in=photos, step="labels").update(
        state="waiting", finished_at=None, ready_at=timezone.now()
    )
    work(count)
    return photos


def work(most: int = 1000) -> int:
    """Workers do what is due of labels. How many jobs there were."""
    done = 0
    while done < most and run.one("labels"):
        done += 1
    return done


def these(*photos: Photo) -> PhotoQuerySet:
    found: PhotoQuerySet = Photo.objects.filter(pk__in=[photo.pk for photo in photos])
    return found


def said(photo: Photo) -> dict[str, tuple[Any, ...]]:
    """All that stands on a photo, to the last box: what a roll-back must bring back exactly."""
    return dict(_lines(photo))


def _lines(photo: Photo) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for row in Detection.objects.filter(photo=photo).select_related("label"):
        boxes = Instance.objects.filter(detection=row).order_by("left", "confidence")
        yield (
            row.label.name,
            (
                row.confidence,
                row.certainty,
                row.implied,
                row.model_version,
                tuple(boxes.values_list("left", "top", "width", "height", "confidence")),
            ),
        )


def order(*photos: Photo, step: str = "labels", **fields: Any) -> Run:
    values = {
        "asked_for": "these",
        "ordered_by": None,
        "owner": photos[0].owner if photos else None,
        **fields,
    }
    return runs.order(these(*photos), step, **values)


def job(photo: Photo) -> Job:
    found: Job = Job.objects.get(photo=photo, step="labels")
    return found


def rows() -> list[list[dict[str, Any]]]:
    models: tuple[Any, ...] = (Run, RunEntry, Job, Analysis, Detection)
    return [list(model.objects.order_by("pk").values()) for model in models]


def finish(ordered: Run) -> None:
    work()
    runs.settle(ordered)
    ordered.refresh_from_db()


def labels(counts: list[runs.Count]) -> dict[str, int]:
    return {count.name: count.photos for count in counts}
