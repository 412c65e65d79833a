"""Staff's view. What it shows is read-only unless it says otherwise; no page grows its queries with its rows."""

from gallery.admin.bill import AnalysisAdmin, CircuitAdmin, SpendingAdmin
from gallery.admin.jobs import JobAdmin
from gallery.admin.photos import LabelAdmin, PhotoAdmin
from gallery.admin.runs import RunAdmin

__all__ = [
    "AnalysisAdmin",
    "CircuitAdmin",
    "JobAdmin",
    "LabelAdmin",
    "PhotoAdmin",
    "RunAdmin",
    "SpendingAdmin",
]
