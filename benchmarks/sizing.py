"""What a photo takes: processor time and memory of each process, bytes in the bucket and in the database.

A whole site of its own takes in real photographs over the API, by turns the demo's large ones; its recogniser answers
at once, so that the workers' figures are those of a site on AWS. Then the made-up library of benchmarks/search is
written to both kinds of database, and the tables are weighed. docs/operations.md tells what was found.
`python -m benchmarks.sizing [--photos N] [--rows N]`
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image

from benchmarks.rate import high_water_megabytes, scripted
from tests import postgres
from tests.site import tree
from tests.site.client import Client
from tests.site.running import BUCKET, ROOT, Site
from tests.site.waiting import until

PHOTOS: Final = ROOT / "gallery" / "demo" / "photos"
_LARGE_BYTES: Final = 500_000
_MOST_SECONDS: Final = 1800
_PROGRAMS: Final = ("web", "worker-images", "worker-labels", "purger", "scheduler", "queue", "s3")
_QUICK: Final = {"PHOTOSITE_REKOGNITION_TPS": "50"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=90)
    parser.add_argument("--rows", type=int, default=50_000, help="photos of the made-up library; 0: none")
    parser.add_argument(
        "--data", type=Path, help="data folder of a site that is stopped, which gets a user more"
    )
    asked, _ = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="photosite-sizing-") as folder:
        site = Site(asked.data.resolve() if asked.data else Path(folder) / "data", _QUICK)
        try:
            processes(site.start(), asked.photos)
        finally:
            site.end()
    for database in ("sqlite", "postgresql") if asked.rows else ():
        tables(database, asked.rows)


def processes(site: Site, count: int) -> None:
    """A table of what each process took for `count` photos, and what lies in the bucket then."""
    site.script(scripted(1000, 0))
    owner = site.user(f"{secrets.token_hex(4)}@example.org")
    large = [path for path in sorted(PHOTOS.iterdir()) if path.stat().st_size > _LARGE_BYTES]
    ran = {name: seconds(site, name) for name in _PROGRAMS}
    held = {prefix: bucket_bytes(site, prefix) for prefix in ("originals", "renditions")}
    for number in range(count):
        owner.send_until_taken(
            distinct(large[number % len(large)], number), "photo.jpg", seconds=_MOST_SECONDS
        )
    until(lambda: done(owner) == count, "all are done", _MOST_SECONDS, pause=2)
    pixels = sum(width * height for width, height in map(size, large)) / len(large) / 1e6
    brought = {prefix: (bucket_bytes(site, prefix) - before) / count for prefix, before in held.items()}
    print(f"{count} photographs of {pixels:.1f} megapixels, {brought['originals'] / 1e6:.2f} MB each")
    print(f"renditions of one: {brought['renditions'] / 1e3:.0f} kB in the bucket")
    print("process        processor seconds for 1,000   MB at most, each of its processes")
    for name in _PROGRAMS:
        took = 1000 * (seconds(site, name) - ran[name]) / count
        most = ", ".join(f"{high_water_megabytes(one.pid):.0f}" for one in family(site, name))
        print(f"{name:14s} {took:12.0f} {'':16s} {most}")


def distinct(path: Path, number: int) -> bytes:
    """The same photograph with a comment, so that its bytes are its own."""
    data, comment = path.read_bytes(), f"number {number}".encode()
    return data[:2] + b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment + data[2:]


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def done(owner: Client) -> int:
    return sum(photo["processing"]["state"] == "done" for photo in owner.photos())


def family(site: Site, name: str) -> list[tree.Process]:
    """A program's first process and all that it has started."""
    first = site.running(name)
    return [first, *tree.descendants(first.pid)]


def seconds(site: Site, name: str) -> float:
    """Processor time of the family, of those children that have ended, too."""
    ticks = 0
    for one in family(site, name):
        fields = Path(f"/proc/{one.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def bucket_bytes(site: Site, prefix: str) -> int:
    pages = site.s3().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix=f"{prefix}/")
    return sum(item["Size"] for page in pages for item in page.get("Contents", []))


def tables(database: str, rows: int) -> None:
    """In a process of its own, since Django knows one kind of database at a time."""
    with tempfile.TemporaryDirectory(prefix="photosite-weighed-") as folder:
        told = {**os.environ, "PHOTOSITE_DATA_DIR": folder, "SECRET_KEY": "only for this measurement"}
        told.pop("DATABASE_URL", None)
        if database == "postgresql":
            told["DATABASE_URL"] = postgres.start()
        subprocess.run([sys.executable, "-m", "benchmarks.weighed", str(rows)], env=told, check=True)


if __name__ == "__main__":
    main()
