"""Photographs and exports for tests."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from gallery.imaging.tests.pictures import saved


def jpeg(seed: int = 0, **options: Any) -> bytes:
    """A small photograph of its own."""
    picture = Image.new("RGB", (120, 90), (seed % 256, seed // 256 % 256, 90))
    return saved(picture, "JPEG", comment=f"photo {seed}".encode(), **options)


def sidecar(title: str, taken: int = 1_562_243_696, **more: Any) -> bytes:
    """As Takeout writes it; taken on 4 July 2019 at 12:34:56 UTC."""
    return json.dumps({"title": title, "photoTakenTime": {"timestamp": str(taken)}, **more}).encode()


def album(title: str) -> bytes:
    return json.dumps(
        {"title": title, "description": "", "access": "protected", "date": {"timestamp": "1"}}
    ).encode()


def laid_out(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def takeout() -> dict[str, bytes]:
    """An export as people have it: a year, an album, an edited copy, a live photo, the trash, a video."""
    year, trip = "Takeout/Google Fotos/Fotos von 2019", "Takeout/Google Fotos/Bern & Basel"
    position = {"latitude": 46.5, "longitude": 7.75, "altitude": 0.0}
    return {
        "Takeout/archive_browser.html": b"<!doctype html><html></html>",
        f"{year}/IMG_20190704_143456.jpg": jpeg(1),
        f"{year}/IMG_20190704_143456.jpg.supplemental-metadat.json": sidecar(
            "IMG_20190704_143456.jpg", description="The bears", favorited=True, geoData=position
        ),
        f"{year}/IMG_20190704_143456-bearbeitet.jpg": jpeg(2),
        f"{year}/DSC_1.JPG": jpeg(3),
        f"{year}/DSC_1.JPG.json": sidecar("DSC_1.JPG", archived=True),
        f"{year}/DSC_1(1).JPG": jpeg(4),
        f"{year}/DSC_1.JPG(1).json": sidecar("DSC_1.JPG", taken=1_562_250_000),
        f"{year}/IMG_7.JPG": jpeg(5),
        f"{year}/IMG_7.MP4": b"\0\0\0\x18ftypmp42" + bytes(100),
        f"{year}/IMG_7.JPG.json": sidecar("IMG_7.JPG"),
        f"{year}/VID_8.mp4": b"\0\0\0\x18ftypmp42" + bytes(100),
        f"{year}/VID_8.mp4.json": sidecar("VID_8.mp4"),
        f"{year}/IMG_9.jpg": jpeg(9),
        f"{year}/IMG_9.jpg.json": sidecar("IMG_9.jpg", trashed=True),
        f"{year}/IMG_404.jpg.json": sidecar("IMG_404.jpg"),
        f"{trip}/Metadaten.json": album("Bern & Basel"),
        f"{trip}/DSC_1.JPG": jpeg(3),
        f"{trip}/DSC_1.JPG.json": sidecar("DSC_1.JPG", archived=True),
        f"{trip}/IMG_10.jpg": jpeg(10),
        f"{trip}/.DS_Store": b"\0\0\0\1Bud1",
    }
