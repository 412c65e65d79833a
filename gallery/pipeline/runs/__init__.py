"""Bulk work on purpose: one step asked again for many photos, watched, held, ended, compared and rolled back."""

from gallery.pipeline.runs.answers import standing, tells_labels
from gallery.pipeline.runs.choose import never_told, told_by_older, without_renditions
from gallery.pipeline.runs.control import (
    Progress,
    look_after,
    pause,
    progress,
    progresses,
    resume,
    settle,
    stop,
)
from gallery.pipeline.runs.differences import Count, Summary, note_answer, summary
from gallery.pipeline.runs.orders import Estimate, estimate, order
from gallery.pipeline.runs.rollback import put_back, roll_back
from gallery.pipeline.runs.single import again

__all__ = [
    "Count",
    "Estimate",
    "Progress",
    "Summary",
    "again",
    "estimate",
    "look_after",
    "never_told",
    "note_answer",
    "order",
    "pause",
    "progress",
    "progresses",
    "put_back",
    "resume",
    "roll_back",
    "settle",
    "standing",
    "stop",
    "summary",
    "tells_labels",
    "told_by_older",
    "without_renditions",
]
