"""The rows: invariants as named constraints, reads as QuerySets. `visible_to(user)` is the only door to them."""

from gallery.models.analysis import Analysis, Circuit
from gallery.models.job import Job
from gallery.models.label import Detection, Instance, Label, OwnerLabel
from gallery.models.photo import Photo
from gallery.models.purge import Purge
from gallery.models.rendition import Rendition
from gallery.models.upload import Upload

__all__ = [
    "Analysis",
    "Circuit",
    "Detection",
    "Instance",
    "Job",
    "Label",
    "OwnerLabel",
    "Photo",
    "Purge",
    "Rendition",
    "Upload",
]
