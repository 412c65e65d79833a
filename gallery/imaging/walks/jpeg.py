"""JPEG: from SOI over segments and scans to EOI. Source: ITU-T T.81, annex B."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gallery.imaging.errors import refusal
from gallery.imaging.walks.outline import Data, Outline

# Phones take 200 megapixels. A scan is decoded strip by strip at 1/2, 1/4 or 1/8 of its size, so that it costs
# no memory.
MAX_PIXELS = 200_000_000
# Unless the picture comes in several scans (progressive): then libjpeg keeps every coefficient, two bytes each,
# until the last scan. This much leaves room beside it in the child's memory (limits.py).
COEFFICIENT_BYTES = 480_000_000
# Panoramas and depth maps carry hundreds of metadata segments of 64 KiB; encoders write about ten scans.
MAX_SEGMENTS = 10_000
MAX_SCANS = 256

# A marker is FF and a code. 00 is a stuffed byte, FF is filling; 01 and D0-D7 (restart) have no content.
_MARKER = re.compile(rb"\xff([^\x00\x01\xd0-\xd7\xff])", re.DOTALL)
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_BASELINE, _EXTENDED, _PROGRESSIVE = 0xC0, 0xC1, 0xC2
_ARITHMETIC, _ARITHMETIC_PROGRESSIVE = 0xC9, 0xCA
_DECODABLE = (_BASELINE, _EXTENDED, _PROGRESSIVE, _ARITHMETIC, _ARITHMETIC_PROGRESSIVE)
# C4, C8 and CC look like frames and are tables or reserved.
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True)
class _Frame:
    width: int
    height: int
    components: int
    progressive: bool
    samples_per_pixel: float


def outline(data: Data) -> Outline:
    """Walk a JPEG; extra pictures after its EOI (MPO) are bytes after the end.

    Raises Refused: truncated, damaged, unsupported_format.
    """
    frame: _Frame | None = None
    first_scan_components = scans = 0
    position = 2
    for _ in range(MAX_SEGMENTS):
        marker, body = _marker(data, position)
        if marker == _EOI:
            return _outline(frame, first_scan_components, body)
        position = _segment_end(data, body)
        if marker in _FRAMES:
            frame = _only_frame(frame, marker, data[body + 2 : position])
        elif marker == _SOS:
            scans += 1
            first_scan_components = first_scan_components or _scan_components(
                frame, data[body + 2 : position]
            )
        if scans > MAX_SCANS:
            break
    raise refusal("pieces")


def sides(head: bytes) -> tuple[int, int] | None:
    """Width and height, if the beginning of a JPEG tells. Raises Refused: damaged, unsupported_format."""
    position = 2
    while found := _MARKER.search(head, position):
        marker, body = found[1][0], found.end()
        position = body + max(2, int.from_bytes(head[body : body + 2], "big"))
        if position > len(head):
            return None
        if marker in _FRAMES:
            frame = _only_frame(None, marker, head[body + 2 : position])
            return frame.width, frame.height
        if marker in (_SOS, _EOI):
            raise refusal("damaged", what="JPEG")
    return None


def _marker(data: Data, position: int) -> tuple[int, int]:
    """The next marker and the offset after it. Stray bytes between segments are passed over, as in decoders."""
    found = _MARKER.search(data, position)
    if found is None:
        raise refusal("truncated")
    return found[1][0], found.end()


def _segment_end(data: Data, body: int) -> int:
    length = int.from_bytes(data[body : body + 2], "big")
    if body + max(length, 2) > len(data):
        raise refusal("truncated")
    if length < 2:
        raise refusal("damaged", what="JPEG")
    return body + length


def _only_frame(before: _Frame | None, marker: int, header: bytes) -> _Frame:
    if before is not None or len(header) < 6:
        raise refusal("damaged", what="JPEG")
    if marker not in _DECODABLE or header[0] != 8:
        raise refusal("rare_jpeg")
    height, width, components = (
        int.from_bytes(header[1:3], "big"),
        int.from_bytes(header[3:5], "big"),
        header[5],
    )
    sampling = header[7::3]
    if not width or not height or components not in (1, 3, 4) or len(header) != 6 + 3 * components:
        raise refusal("damaged", what="JPEG")
    progressive = marker in (_PROGRESSIVE, _ARITHMETIC_PROGRESSIVE)
    return _Frame(width, height, components, progressive, _samples_per_pixel(sampling))


def _samples_per_pixel(sampling: bytes) -> float:
    """1.5 for the usual 4:2:0, 3 for 4:4:4: the coefficients a pixel has over all components."""
    factors = [(byte >> 4, byte & 15) for byte in sampling]
    if not all(1 <= across <= 4 and 1 <= down <= 4 for across, down in factors):
        raise refusal("damaged", what="JPEG")
    most = max(across for across, _ in factors) * max(down for _, down in factors)
    return sum(across * down for across, down in factors) / most


def _scan_components(frame: _Frame | None, header: bytes) -> int:
    if frame is None or not header or not 1 <= header[0] <= frame.components:
        raise refusal("damaged", what="JPEG")
    return header[0]


def _outline(frame: _Frame | None, first_scan_components: int, end: int) -> Outline:
    if frame is None or not first_scan_components:
        raise refusal("damaged", what="JPEG")
    several_scans = frame.progressive or first_scan_components < frame.components
    most = int(COEFFICIENT_BYTES / (2 * frame.samples_per_pixel)) if several_scans else MAX_PIXELS
    return Outline(frame.width, frame.height, False, end, min(most, MAX_PIXELS))
