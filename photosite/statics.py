"""Static files: under names that carry their content's hash, collected only when they changed."""

import hashlib
from pathlib import Path
from typing import Any, Final

import brotli
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

_OURS: Final = "js/*.js"
_LARGE_BYTES: Final = 100_000  # only files of packages are


class QuickCompressor(Compressor):  # type: ignore[misc]  # WhiteNoise is not typed
    """Brotli's last tenth of a large file costs thirty times the time of the rest, and a first start waits for it."""

    @staticmethod
    def compress_brotli(data: bytes) -> bytes:
        compressed: bytes = brotli.compress(data, quality=11 if len(data) < _LARGE_BYTES else 9)
        return compressed


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise is not typed
    """In our own modules an import names the hashed file, too.

    Only in ours: of the files that packages bring, some import what they do not ship.
    """

    def create_compressor(self, **options: Any) -> Compressor:
        return QuickCompressor(**options)

    patterns: Any = (
        *CompressedManifestStaticFilesStorage.patterns,
        (_OURS, CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )


def collect_if_changed() -> None:
    stamp: Path = settings.STATIC_ROOT / ".collected"
    state = _fingerprint()
    if stamp.exists() and stamp.read_text() == state:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(state)


def _fingerprint() -> str:
    """Changes when any static file is added, removed, resized or touched."""
    digest = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list([]):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()
