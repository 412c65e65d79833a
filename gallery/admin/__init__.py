"""Staff's view. What it shows is read-only unless it says otherwise; no page grows its queries with its rows."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from gallery.admin.audit import AuditAdmin
from gallery.admin.bill import AnalysisAdmin, CircuitAdmin, SpendingAdmin
from gallery.admin.jobs import JobAdmin
from gallery.admin.photos import LabelAdmin, PhotoAdmin
from gallery.admin.runs import RunAdmin
from gallery.admin.shares import AlbumAdmin, ShareAdmin
from gallery.admin.users import SupportedUserAdmin

__all__ = [
    "AlbumAdmin",
    "AnalysisAdmin",
    "AuditAdmin",
    "CircuitAdmin",
    "JobAdmin",
    "LabelAdmin",
    "PhotoAdmin",
    "RunAdmin",
    "ShareAdmin",
    "SpendingAdmin",
    "SupportedUserAdmin",
]
admin.site.site_header = _("Photosite office")
admin.site.site_title = _("Photosite office")
admin.site.index_title = _("Today")
