"""Metadata that no program would write, or none that is at hand: packets of XMP, datasets of IPTC, trailers."""

from __future__ import annotations

import struct

from gallery.imaging.tests.pictures import png_chunk

_NAMESPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "exif": "http://ns.adobe.com/exif/1.0/",
        "xmp": "http://ns.adobe.com/xap/1.0/",
        "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
        "photoshop": "http://ns.adobe.com/photoshop/1.0/",
        "dc": "http://purl.org/dc/elements/1.1/",
        "GCamera": "http://ns.google.com/photos/1.0/camera/",
    }.items()
)
VIDEO = b"\x00\x00\x00\x18ftypmp42" + bytes(40)


def xmp(properties: str = "", attributes: str = "", *, before: str = "") -> bytes:
    """A packet with these properties, as elements or as attributes of the one description."""
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{before}<x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" {_NAMESPACES} '
        f'{attributes}>{properties}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def iptc(*datasets: tuple[int, int, bytes]) -> bytes:
    return b"".join(struct.pack(">BBBH", 0x1C, *which, len(value)) + value for *which, value in datasets)


def photoshop(block: bytes) -> bytes:
    """IPTC among Photoshop's image resources, behind another one."""
    other = b"8BIM" + struct.pack(">HBxL", 0x03ED, 0, 3) + b"abc\x00"
    return other + b"8BIM" + struct.pack(">HBxL", 0x0404, 0, len(block)) + block


def segment(jpeg: bytes, content: bytes, marker: int = 0xE1) -> bytes:
    """The JPEG with one more segment at its beginning."""
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content + jpeg[2:]


def with_xmp(jpeg: bytes, packet: bytes) -> bytes:
    return segment(jpeg, b"http://ns.adobe.com/xap/1.0/\x00" + packet)


def itxt(keyword: str, text: bytes, *, packed: bool = False) -> bytes:
    return png_chunk(b"iTXt", keyword.encode() + bytes([0, packed, 0, 0, 0]) + text)


def samsung_trailer(video: bytes = VIDEO) -> bytes:
    """As phones before Android 9 wrote it: a part with its name, the list of parts, its length."""
    part = struct.pack("<HHL", 0, 0x0A30, 16) + b"MotionPhoto_Data" + video
    listed = b"SEFH" + struct.pack("<LLHHLL", 106, 1, 0, 0x0A30, len(part), len(part))
    return part + listed + struct.pack("<L", len(listed)) + b"SEFT"
