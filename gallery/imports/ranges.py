"""A file in the bucket that is read where it is needed: an archive's directory, then one photo after another."""

import io
from typing import IO, Any, Final, cast

from gallery import storage

_AHEAD: Final = 2 * 1024 * 1024  # bytes of one GET


class _Ranges(io.RawIOBase):
    def __init__(self, key: str, size: int) -> None:
        self._key, self._size, self._at = key, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(start + offset, 0)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer)
        wanted = min(len(room), self._size - self._at)
        if wanted <= 0:
            return 0
        data = storage.part_of_original(self._key, self._at, wanted)
        room[: len(data)] = data
        self._at += len(data)
        return len(data)


def opened(key: str, size: int) -> IO[bytes]:
    """Reading raises ObjectMissing, StorageAway."""
    return cast("IO[bytes]", io.BufferedReader(_Ranges(key, size), _AHEAD))
