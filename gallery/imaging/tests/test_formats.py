from __future__ import annotations

import struct

import pytest

from gallery.imaging.formats import AVIF, GIF, HEIC, JPEG, PNG, TIFF, WEBP, Foreign, Format, sniff


def ftyp(brand: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + brand + bytes(4) + b"".join(compatible)
    return struct.pack(">L", 4 + len(body)) + body + bytes(32)


FOREIGN = [
    (ftyp(b"crx "), "photo", "CR3"),
    (ftyp(b"isom", b"mp41"), "video", "MP4"),
    (ftyp(b"qt  "), "video", "MOV"),
    (b"\x00\x00\x00\x08wide\x00\x00\x10\x00mdat", "video", "MOV"),
    (ftyp(b"M4A "), "audio", "M4A"),
    (b"II+\x00\x08\x00\x00\x00", "photo", "BigTIFF"),
    (b"IIRO\x08\x00\x00\x00", "photo", "ORF"),
    (b"IIU\x00\x18\x00\x00\x00", "photo", "RW2"),
    (b"FUJIFILMCCD-RAW 0201", "photo", "RAF"),
    (b"BM\x36\x00\x00\x00\x00\x00\x00\x00\x36\x00", "photo", "BMP"),
    (b"\x00\x00\x01\x00\x01\x00\x10\x10", "photo", "ICO"),
    (b"8BPS\x00\x01", "photo", "PSD"),
    (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "photo", "JPEG 2000"),
    (b"\xff\x4f\xff\x51\x00\x29", "photo", "JPEG 2000"),
    (b"\xff\x0a\xfa\x7f", "photo", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "photo", "JPEG XL"),
    (b"DDS |\x00\x00\x00", "photo", "DDS"),
    (b"SIMPLE  =                    T", "photo", "FITS"),
    (b"%!PS-Adobe-3.0 EPSF-3.0\n", "drawing", "PostScript"),
    (b"%PDF-1.7\n%\xe2\xe3", "document", "PDF"),
    (b'<svg xmlns="http://www.w3.org/2000/svg">', "drawing", "SVG"),
    (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- x --><svg onload="x">', "drawing", "SVG"),
    (b"<!DOCTYPE html><html><svg>", "drawing", "SVG"),
    (b"  <!doctype HTML><title>x", "document", "HTML"),
    (b"<script>alert(1)</script>", "document", "HTML"),
    (b"<?xml version='1.0'?><a/>", "document", "XML"),
    (b"RIFF\x00\x00\x00\x00AVI LIST", "video", "AVI"),
    (b"RIFF\x00\x00\x00\x00WAVEfmt ", "audio", "WAV"),
    (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x84webm", "video", "WebM"),
    (b"\x1a\x45\xdf\xa3\x01\x00\x00\x00\x42\x82\x88matroska", "video", "MKV"),
    (b"ID3\x04\x00\x00", "audio", "MP3"),
    (b"\xff\xfb\x90\x64\x00", "audio", "MP3"),
    (b"PK\x03\x04\x14\x00", "archive", "ZIP"),
    (b"\x1f\x8b\x08\x00", "archive", "GZIP"),
    (b"\x7fELF\x02\x01\x01", "program", "ELF"),
    (b"MZ\x90\x00\x03", "program", "Windows"),
    (b"Dear Photosite,\n\tthis is no photo. \xc3\xa9", "document", "text"),
    (b"BMW is a make of car\n", "document", "text"),
    ("Grüße".encode("utf-16"), "document", "text"),
    (b"\x01\x02\x03\xfe\xff", "unknown", "unknown"),
    (b"\x89PNG\n\x1a\n", "unknown", "unknown"),
    (b"RIFF", "document", "text"),
]


@pytest.mark.parametrize(("head", "kind", "word"), FOREIGN, ids=range(len(FOREIGN)))
def test_what_is_no_kept_format_is_named(head: bytes, kind: str, word: str) -> None:
    found = sniff(head)
    assert isinstance(found, Foreign)
    assert found.kind == kind
    assert word in found.what


@pytest.mark.parametrize(("head", "kind", "word"), FOREIGN, ids=range(len(FOREIGN)))
def test_a_refusal_says_what_it_was_and_what_is_kept(head: bytes, kind: str, word: str) -> None:
    found = sniff(head)
    assert isinstance(found, Foreign)
    refused = found.refused()
    assert refused.code == "unsupported_format"
    assert kind == "unknown" or found.what in refused.sentence
    assert "JPEG" in refused.sentence or kind == "archive"


def test_a_video_is_refused_in_these_words() -> None:
    found = sniff(ftyp(b"isom"))
    assert isinstance(found, Foreign)
    assert found.refused().sentence == (
        "This is a video (MP4). Photosite keeps photographs only: JPEG, PNG, WebP, GIF, HEIC, AVIF and TIFF."
    )


def test_a_text_whose_last_character_is_cut_in_two_is_still_a_text() -> None:
    assert "text" in getattr(sniff("Grüß".encode()[:-1]), "what", "")


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (b"\xff\xd8\xff\xe0", JPEG),
        (b"\x89PNG\r\n\x1a\n", PNG),
        (b"RIFF....WEBP", WEBP),
        (b"GIF87a", GIF),
        (b"GIF89a", GIF),
        (ftyp(b"heic", b"mif1"), HEIC),
        (ftyp(b"mif1", b"heic"), HEIC),
        (ftyp(b"avif", b"mif1"), AVIF),
        (ftyp(b"mif1", b"avif"), AVIF),
        (b"II*\x00\x08\x00\x00\x00", TIFF),
        (b"MM\x00*\x00\x00\x00\x08", TIFF),
    ],
)
def test_what_is_kept_is_known_by_its_first_bytes(head: bytes, known: Format) -> None:
    assert sniff(head) is known
