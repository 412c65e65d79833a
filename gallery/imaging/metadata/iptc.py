"""IPTC-IIM, what agencies wrote before there was XMP. Source: IPTC Information Interchange Model 4.2, 3 to 6."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping

Iptc = Mapping[tuple[int, int], bytes]

TITLE, CAPTION = (2, 5), (2, 120)
CREATED, CREATED_AT = (2, 55), (2, 60)
DIGITIZED, DIGITIZED_AT = (2, 62), (2, 63)

_MARK = 0x1C
_MAX_DATASETS = 4096
_RESOURCE, _IPTC_RESOURCE = b"8BIM", 0x0404


def read_iptc(block: bytes) -> Iptc:
    """The first of each dataset, by record and number. Never raises."""
    found: dict[tuple[int, int], bytes] = {}
    for name, value in _datasets(of_photoshop(block) if block.startswith(_RESOURCE) else block):
        found.setdefault(name, value)
    return found


def of_photoshop(resources: bytes) -> bytes:
    """The IPTC among Photoshop's image resources; b"" without it. Source: Adobe Photoshop File Formats, 2."""
    at = 0
    while resources[at : at + 4] == _RESOURCE and at + 12 <= len(resources):
        number = int.from_bytes(resources[at + 4 : at + 6], "big")
        start = at + 6 + _even(1 + resources[at + 6])
        size = int.from_bytes(resources[start : start + 4], "big")
        if number == _IPTC_RESOURCE:
            return resources[start + 4 : start + 4 + size]
        at = start + 4 + _even(size)
    return b""


def _even(size: int) -> int:
    return size + (size & 1)


def _datasets(block: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    """Extended ones, which say their length in more bytes, are longer than anything that is asked for: they end it."""
    at = 0
    for _ in range(_MAX_DATASETS):
        if at + 5 > len(block) or block[at] != _MARK:
            return
        record, number, size = struct.unpack_from(">BBH", block, at + 1)
        if size & 0x8000 or at + 5 + size > len(block):
            return
        yield (record, number), block[at + 5 : at + 5 + size]
        at += 5 + size
