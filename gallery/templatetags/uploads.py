"""What every page tells of files before they are sent."""

from typing import Any

from django import template
from django.conf import settings

from gallery.imaging.errors import refusal
from gallery.intake.receive import too_large
from gallery.pipeline.reasons import said

register = template.Library()


@register.simple_tag
def upload_limits() -> dict[str, Any]:
    """The most bytes of a file, and of a zip file; in words why larger ones and no pictures are not taken."""
    return {
        "most_bytes": settings.MAX_UPLOAD_BYTES,
        "too_large": too_large().sentence,
        "most_archive_bytes": settings.MAX_IMPORT_BYTES,
        "archive_too_large": too_large(settings.MAX_IMPORT_BYTES).sentence,
        "video": said(refusal("video", what="a video").sentence),
        "audio": said(refusal("audio", what="a sound file").sentence),
    }
