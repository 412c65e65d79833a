"""Photos whose bytes nobody has seen yet: their sender put them into the bucket in parts, of which S3 knows no SHA-256.

A worker reads such an original through before anything is made of it. Until then it is nobody's duplicate.
"""

from typing import Final

from django.db import transaction

from gallery import tally
from gallery.models import Photo, Upload
from gallery.pipeline import deletion

OTHER_BYTES: Final = "These are not the bytes that were announced. Send the file again."
OTHER_SIZE: Final = "%(sent)s bytes arrived where %(announced)s were announced. Send the file again."


def end(photo: Photo) -> None:
    """Removes a photo that is not what was announced, with its object, and gives its space back."""
    with transaction.atomic():
        if (
            not Upload.objects.unchecked()
            .filter(pk=photo.pk)
            .update(state=Upload.State.FAILED, reason=OTHER_BYTES)
        ):
            return
        deletion.delete_forever(photo)
    tally.add("upload_failures", "other_bytes")
