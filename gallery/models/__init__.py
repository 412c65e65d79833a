"""The rows: invariants as named constraints, reads as QuerySets. `visible_to(user)` is the only door to them."""

from gallery.models.album import Album, AlbumEntry
from gallery.models.analysis import Analysis, Circuit
from gallery.models.apart import Apart
from gallery.models.counters import OwnerLabel, OwnerMonth
from gallery.models.extras import Appearance, Extra, Face
from gallery.models.importing import Import
from gallery.models.job import Job
from gallery.models.label import Detection, Instance, Label, LabelName
from gallery.models.loose import LooseEnd
from gallery.models.photo import Photo
from gallery.models.purge import Purge
from gallery.models.rendition import Rendition
from gallery.models.run import Run, RunEntry
from gallery.models.sample import Sample
from gallery.models.saved import SavedSearch
from gallery.models.share import Share
from gallery.models.spending import Spending
from gallery.models.text import PhotoText, TextLine
from gallery.models.upload import Upload
from gallery.models.verdict import Change, Verdict

__all__ = [
    "Album",
    "AlbumEntry",
    "Analysis",
    "Apart",
    "Appearance",
    "Change",
    "Circuit",
    "Detection",
    "Extra",
    "Face",
    "Import",
    "Instance",
    "Job",
    "Label",
    "LabelName",
    "LooseEnd",
    "OwnerLabel",
    "OwnerMonth",
    "Photo",
    "PhotoText",
    "Purge",
    "Rendition",
    "Run",
    "RunEntry",
    "Sample",
    "SavedSearch",
    "Share",
    "Spending",
    "TextLine",
    "Upload",
    "Verdict",
]
