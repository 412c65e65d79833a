"""What we read of a photo is what ExifTool reads: every tag in every format that can have it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from gallery.imaging.child import develop
from gallery.imaging.facts import Facts
from gallery.imaging.tests import exiftool
from gallery.imaging.tests.exiftool import EVERY, FORMATS, WITH_IPTC, Case
from gallery.imaging.tests.packets import VIDEO, samsung_trailer, with_xmp, xmp
from gallery.imaging.tests.pictures import corners, saved
from gallery.imaging.wire import Order

pytestmark = pytest.mark.pure

NORTH: Final = ("-GPSLatitude=46.51", "-GPSLatitudeRef=N", "-GPSLongitude=7.25", "-GPSLongitudeRef=E")
SOUTH: Final = ("-GPSLatitude=33.8567844", "-GPSLatitudeRef=S", "-GPSLongitude=70.6693", "-GPSLongitudeRef=W")
PLACE: Final = {"latitude": "Composite:GPSLatitude", "longitude": "Composite:GPSLongitude"}
EXPOSED: Final = {
    "time": "ExifIFD:ExposureTime",
    "f_number": "ExifIFD:FNumber",
    "iso": "ExifIFD:ISO",
    "focal_length": "ExifIFD:FocalLength",
    "focal_length_35mm": "ExifIFD:FocalLengthIn35mmFormat",
    "bias": "ExifIFD:ExposureCompensation",
}
ORIGINAL: Final = "-ExifIFD:DateTimeOriginal=2020:02:29 23:59:58"
DIGITIZED: Final = "-ExifIFD:CreateDate=2019:01:02 03:04:05"
CHANGED: Final = "-IFD0:ModifyDate=2018:07:08 09:10:11"

CASES: Final[Mapping[str, Case]] = {
    "taken": Case((ORIGINAL, DIGITIZED, CHANGED), {"taken": "ExifIFD:DateTimeOriginal"}),
    "taken to the part of a second": Case(
        (ORIGINAL, "-SubSecTimeOriginal=123", "-OffsetTimeOriginal=+05:30"),
        {"taken": "Composite:SubSecDateTimeOriginal"},
    ),
    "taken behind UTC": Case(
        (ORIGINAL, "-SubSecTimeOriginal=5", "-OffsetTimeOriginal=-03:30"),
        {"taken": "Composite:SubSecDateTimeOriginal"},
    ),
    "digitized": Case(
        ("-ExifIFD:DateTimeOriginal=0000:00:00 00:00:00", DIGITIZED, "-OffsetTimeDigitized=+01:00", CHANGED),
        {"taken": "Composite:SubSecCreateDate"},
    ),
    "changed": Case((CHANGED, "-OffsetTime=+02:00"), {"taken": "Composite:SubSecModifyDate"}),
    "satellites": Case(
        ("-GPSDateStamp=2021:03:04", "-GPSTimeStamp=05:06:07", CHANGED), {"taken": "Composite:GPSDateTime"}
    ),
    "a factory's day": Case(("-ExifIFD:DateTimeOriginal=1900:01:01 10:20:30",), {"taken": None}),
    "a factory's second": Case(("-ExifIFD:DateTimeOriginal=1980:01:01 00:00:00",), {"taken": None}),
    "the future": Case(("-ExifIFD:DateTimeOriginal=2999:01:01 10:20:30",), {"taken": None}),
    "camera": Case(
        ("-IFD0:Make=Canon", "-IFD0:Model=EOS R5", "-LensModel=RF 50mm F1.2"),
        {"camera_make": "IFD0:Make", "camera_model": "IFD0:Model", "lens": "ExifIFD:LensModel"},
    ),
    "a phone's exposure": Case(
        (
            *("-ExposureTime=1/250", "-FNumber=1.8", "-ISO=64", "-FocalLength=6.81", "-ExifIFD:Flash=25"),
            *("-FocalLengthIn35mmFormat=26", "-ExposureCompensation=-2/3"),
        ),
        EXPOSED | {"flash": "ExifIFD:Flash"},
    ),
    "a long exposure": Case(
        ("-ExposureTime=30", "-FNumber=11", "-ISO=100", "-FocalLength=24", "-ExifIFD:Flash=16"),
        {name: EXPOSED[name] for name in ("time", "f_number", "iso", "focal_length")}
        | {"flash": "ExifIFD:Flash"},
    ),
    "powers of two": Case(
        ("-ShutterSpeedValue=0.0078125", "-ApertureValue=4"),
        {"time": "ExifIFD:ShutterSpeedValue", "f_number": "ExifIFD:ApertureValue"},
    ),
    "an exposure of nothing": Case(
        ("-ExposureTime=0", "-FNumber=0", "-ISO=0", "-FocalLength=0", "-FocalLengthIn35mmFormat=0"),
        dict.fromkeys(EXPOSED),
    ),
    "north-east": Case(
        (*NORTH, "-GPSAltitude=431.5", "-GPSAltitudeRef=0"), PLACE | {"altitude": "Composite:GPSAltitude"}
    ),
    "south-west, below": Case(
        (*SOUTH, "-GPSAltitude=12", "-GPSAltitudeRef=1"), PLACE | {"altitude": "Composite:GPSAltitude"}
    ),
    "nowhere": Case(
        ("-GPSLatitude=0", "-GPSLatitudeRef=N", "-GPSLongitude=0", "-GPSLongitudeRef=E"), dict.fromkeys(PLACE)
    ),
    "beyond the pole": Case(
        ("-GPSLatitude=91", "-GPSLatitudeRef=N", "-GPSLongitude=7", "-GPSLongitudeRef=E"),
        dict.fromkeys(PLACE),
    ),
    "caption": Case(
        ("-IFD0:ImageDescription=Über den Dächern", "-IFD0:Rating=4"),
        {"caption": "IFD0:ImageDescription", "rating": "IFD0:Rating"},
    ),
    "what cameras say": Case(("-IFD0:ImageDescription=OLYMPUS DIGITAL CAMERA         ",), {"caption": None}),
    "windows": Case(("-XPComment=Grüße", "-XPTitle=Nichts"), {"caption": "IFD0:XPComment"}),
    "xmp: taken": Case(
        (
            "-XMP-exif:DateTimeOriginal=2021:06:07 08:09:10.25+02:00",
            "-XMP-xmp:CreateDate=2022:01:01 00:00:00",
        ),
        {"taken": "XMP-exif:DateTimeOriginal"},
        EVERY,
    ),
    "xmp: created": Case(
        ("-XMP-photoshop:DateCreated=1957:10:04 19:28:34Z",), {"taken": "XMP-photoshop:DateCreated"}, EVERY
    ),
    "xmp: digitized": Case(
        ("-XMP-xmp:CreateDate=2015:05:06 07:08:09",), {"taken": "XMP-xmp:CreateDate"}, EVERY
    ),
    "xmp: camera": Case(
        ("-XMP-tiff:Make=Nikon", "-XMP-tiff:Model=Z 6", "-XMP-aux:Lens=24-70mm f/4"),
        {"camera_make": "XMP-tiff:Make", "camera_model": "XMP-tiff:Model", "lens": "XMP-aux:Lens"},
        EVERY,
    ),
    "xmp: lens": Case(
        ("-XMP-exifEX:LensModel=NIKKOR Z", "-XMP-aux:Lens=24-70"), {"lens": "XMP-exifEX:LensModel"}, EVERY
    ),
    "xmp: exposure": Case(
        (
            *(
                "-XMP-exif:ExposureTime=1/60",
                "-XMP-exif:FNumber=5.6",
                "-XMP-exif:ISO=3200",
                "-XMP-exif:FocalLength=35",
            ),
            *(
                "-XMP-exif:FocalLengthIn35mmFormat=52",
                "-XMP-exif:ExposureCompensation=1/3",
                "-XMP-exif:FlashFired=True",
            ),
        ),
        {name: tag.replace("ExifIFD", "XMP-exif") for name, tag in EXPOSED.items()} | {"flash": "fired"},
        EVERY,
    ),
    "xmp: place": Case(
        (
            *(
                "-XMP-exif:GPSLatitude=-33.8567844",
                "-XMP-exif:GPSLongitude=151.21",
                "-XMP-exif:GPSAltitude=12.5",
            ),
            "-XMP-exif:GPSAltitudeRef=1",
        ),
        {"latitude": "XMP-exif:GPSLatitude", "longitude": "XMP-exif:GPSLongitude", "altitude": "below"},
        EVERY,
    ),
    "xmp: caption": Case(
        (
            *("-XMP-dc:Description=A boat", "-XMP-dc:Description-de=Ein Boot", "-XMP-dc:Title=Boat"),
            "-XMP-xmp:Rating=5",
        ),
        {"caption": "XMP-dc:Description", "rating": "XMP-xmp:Rating"},
        EVERY,
    ),
    "xmp: title": Case(("-XMP-dc:Title=Boat & <b>sea</b>",), {"caption": "XMP-dc:Title"}, EVERY),
    "xmp: rejected": Case(("-XMP-xmp:Rating=-1",), {"rating": None}, EVERY),
    "xmp: too good": Case(("-XMP-xmp:Rating=6",), {"rating": None}, EVERY),
    "iptc": Case(
        (
            *("-IPTC:CodedCharacterSet=UTF8", "-IPTC:Caption-Abstract=Ein Café", "-IPTC:ObjectName=Title"),
            *("-IPTC:DateCreated=2011:12:13", "-IPTC:TimeCreated=14:15:16+01:00"),
        ),
        {"caption": "IPTC:Caption-Abstract", "taken": "Composite:DateTimeCreated"},
        WITH_IPTC,
    ),
    "a png's own words": Case(
        ("-PNG:CreationTime=2016:02:03 04:05:06", "-PNG:Description=Drawn by hand", "-PNG:Title=Hand"),
        {"taken": "PNG:CreationTime", "caption": "PNG:Description"},
        ("png",),
    ),
    "all of them, who disagree": Case(
        (
            *(ORIGINAL, "-XMP-photoshop:DateCreated=2021:06:07 08:09:10", "-IPTC:DateCreated=2011:12:13"),
            *("-IFD0:ImageDescription=EXIF", "-XMP-dc:Description=XMP", "-IPTC:Caption-Abstract=IPTC"),
            *(
                "-IFD0:Make=EXIF",
                "-XMP-tiff:Make=XMP",
                *NORTH,
                "-XMP-exif:GPSLatitude=1",
                "-XMP-exif:GPSLongitude=2",
            ),
            *("-ISO=100", "-XMP-exif:ISO=200"),
        ),
        {
            "taken": "ExifIFD:DateTimeOriginal",
            "caption": "IFD0:ImageDescription",
            "camera_make": "IFD0:Make",
            "latitude": "Composite:GPSLatitude",
            "iso": "ExifIFD:ISO",
        },
        WITH_IPTC,
    ),
    "a camera's words, and somebody's": Case(
        ("-IFD0:ImageDescription=SONY DSC", "-XMP-dc:Description=The sea"), {"caption": "XMP-dc:Description"}
    ),
    **{
        f"turned {number}": Case(
            (f"-IFD0:Orientation={number}",), {"upright": "IFD0:Orientation"}, ("jpg", "png", "webp", "tif")
        )
        for number in range(1, 9)
    },
}
PLACED: Final = [(name, extension) for name, case in CASES.items() for extension in case.formats]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[Path, Mapping[str, Any]]]:
    """The folder, and what ExifTool reads in it."""
    folder = tmp_path_factory.mktemp("exiftool")
    exiftool.write(folder, CASES)
    return folder, exiftool.read(sorted(folder.iterdir()))


@pytest.mark.parametrize(("name", "extension"), PLACED)
def test_we_read_what_exiftool_reads(
    corpus: tuple[Path, Mapping[Path, Mapping[str, Any]]], name: str, extension: str
) -> None:
    folder, read = corpus
    path = folder / f"{name}.{extension}"
    facts = develop(Order(path, FORMATS[extension], folder, ())).facts
    wanted = {fact: _wanted(read[path], fact, tag) for fact, tag in CASES[name].told.items()}
    assert {fact: _ours(facts, fact) for fact in wanted} == pytest.approx(wanted, abs=1e-5)


def test_a_motion_photo_is_what_exiftool_calls_one(tmp_path: Path) -> None:
    still = saved(corners(48, 32), "JPEG")
    samsung, google = tmp_path / "samsung.jpg", tmp_path / "google.jpg"
    samsung.write_bytes(still + samsung_trailer())
    google.write_bytes(with_xmp(still, xmp(attributes='GCamera:MotionPhoto="1"')) + VIDEO)
    read = exiftool.read([samsung, google])
    assert read[samsung]["Samsung:EmbeddedVideoType"] == "MotionPhoto_Data"
    assert read[google]["XMP-GCamera:MotionPhoto"] == 1
    for path in (samsung, google):
        assert develop(Order(path, "image/jpeg", tmp_path, ())).facts.kind == "motion"


def _ours(facts: Facts, fact: str) -> Any:
    if fact == "taken":
        return _clock(facts)
    if fact == "upright":
        return f"{facts.width}x{facts.height}"
    return getattr(facts, fact) if hasattr(facts, fact) else getattr(facts.exposure, fact)


def _clock(facts: Facts) -> str | None:
    """As ExifTool writes it, "2020:02:29 23:59:58.123+05:30"."""
    if facts.taken_local is None:
        return None
    offset = facts.taken_offset
    zone = (
        "" if offset is None else f"{'-' if offset < 0 else '+'}{abs(offset) // 60:02}:{abs(offset) % 60:02}"
    )
    part = f".{facts.taken_local.microsecond:06}".rstrip("0").rstrip(".")
    return f"{facts.taken_local:%Y:%m:%d %H:%M:%S}{part}{zone}"


def _wanted(read: Mapping[str, Any], fact: str, tag: str | None) -> Any:
    if tag is None:
        return "" if fact == "caption" else None
    match fact, tag:
        case "upright", _:
            return "32x48" if read[tag] >= 5 else "48x32"
        case "flash", "fired":
            return read["XMP-exif:Flash"]["Fired"]
        case "flash", _:
            return bool(read[tag] & 1)
        case "altitude", "below":
            return -read["XMP-exif:GPSAltitude"]
        case "iso", "XMP-exif:ISO":
            return read[tag][0] if isinstance(read[tag], list) else read[tag]
        case "taken", _:
            return str(read[tag]).replace("Z", "+00:00")
    return read[tag]
