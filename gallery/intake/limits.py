"""Stops a file at the limit while it arrives, before it fills the disk. The answer names the size that came."""

from typing import IO, Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler


class SizeLimitHandler(FileUploadHandler):
    """First of the handlers: passes chunks on up to the limit for one file, and only counts those above it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.too_large = self.too_large or start + len(raw_data) > settings.MAX_UPLOAD_BYTES
        return None if self.too_large else raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[Any] | None":
        """A file without content whose size is refused later; None leaves the file to the next handler."""
        if not self.too_large:
            return None
        nothing: IO[bytes] | None = None
        return UploadedFile(nothing, self.file_name, self.content_type, file_size)
