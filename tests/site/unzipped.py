"""Reads a zip file while it comes, as nobody has room for all of it: every member whole, every checksum right.

Of the format what the site writes: deflated members whose sizes stand behind them (zip64), and then the directory.
https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3
"""

import dataclasses
import struct
import zlib
from collections.abc import Iterator
from typing import Final

_MEMBER: Final = b"PK\x03\x04"
_DIRECTORY: Final = b"PK\x01\x02"
_BEHIND: Final = b"PK\x07\x08"
_END: Final = b"PK\x06\x06"
_LOCAL: Final = struct.Struct("<4s5H3L2H")
_DESCRIPTOR: Final = struct.Struct("<4sLQQ")
_ENTRIES: Final = struct.Struct("<Q")
_DEFLATED: Final = 8


@dataclasses.dataclass(frozen=True)
class Member:
    name: str
    size: int
    checksum: int


class _Coming:
    """Bytes that are asked for by number, from chunks as they come."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks, self.held = chunks, b""

    def more(self) -> bytes:
        """What is held, or the next chunk; nothing at the end."""
        found, self.held = self.held or next(self._chunks, b""), b""
        return found

    def take(self, size: int) -> bytes:
        while len(self.held) < size:
            chunk = next(self._chunks, b"")
            assert chunk, "the file ends in the middle"
            self.held += chunk
        found, self.held = self.held[:size], self.held[size:]
        return found


def members(chunks: Iterator[bytes]) -> Iterator[Member]:
    """Each member once it is whole. Raises AssertionError for whatever `unzip -t` would call damaged."""
    coming, count = _Coming(chunks), 0
    while (signature := coming.take(4)) == _MEMBER:
        yield _member(coming)
        count += 1
    assert signature == _DIRECTORY, signature
    rest = signature + b"".join(iter(coming.more, b""))
    assert rest.count(_DIRECTORY) >= count
    end = rest.rindex(_END)
    assert _ENTRIES.unpack_from(rest, end + 32)[0] == count


def _member(coming: _Coming) -> Member:
    head = _LOCAL.unpack(_MEMBER + coming.take(_LOCAL.size - 4))
    assert head[3] == _DEFLATED
    name = coming.take(head[-2]).decode()
    coming.take(head[-1])
    inflate, size, checksum = zlib.decompressobj(-zlib.MAX_WBITS), 0, 0
    while not inflate.eof:
        chunk = coming.more()
        assert chunk, f"{name} ends in the middle"
        data = inflate.decompress(chunk)
        size, checksum = size + len(data), zlib.crc32(data, checksum)
    coming.held = inflate.unused_data
    told = _DESCRIPTOR.unpack(coming.take(_DESCRIPTOR.size))
    assert (told[0], told[1], told[3]) == (_BEHIND, checksum, size), name
    return Member(name, size, checksum)
