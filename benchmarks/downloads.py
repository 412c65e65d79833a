"""2,000 originals of 3 MB as one zip file of 6 GB, from the real bucket through the real web server to the last byte.

Asked: the first byte within a second, and a web server that does not grow. Beside it a plain copy of the same objects
by boto3, in the same run. The file is checked whole while it comes and kept nowhere; the objects take their room on
the disk until the end. `python -m benchmarks.downloads [--photos N] [--megabytes N]`
"""

import argparse
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.rate import processor_milliseconds
from tests.site.downloading import Download, fill
from tests.site.running import BUCKET, Site

MOST_SECONDS: Final = 3600
_FIRST_SECONDS: Final = 1.0
_MOST_GROWN: Final = 64  # megabytes, of both processes
_CHUNK: Final = 1024 * 1024
_SPARE: Final = 1.5


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=2000)
    parser.add_argument("--megabytes", type=float, default=3)
    asked, _ = parser.parse_known_args()
    size = int(asked.megabytes * 1_000_000)
    with tempfile.TemporaryDirectory(prefix="photosite-downloads-") as folder:
        wanted = _SPARE * asked.photos * size
        if shutil.disk_usage(folder).free < wanted:
            print(f"downloads: {folder} has not the {wanted / 1e9:.0f} GB that this takes")
            return
        site = Site(Path(folder) / "data")
        try:
            site.start()
            measure(site, fill(site, asked.photos, size, seconds=MOST_SECONDS), asked.photos)
        finally:
            site.end()


def measure(site: Site, download: Download, photos: int) -> None:
    workers = [one.pid for one in site.children("web")]
    ran = sum(map(processor_milliseconds, workers))
    count = sum(1 for _ in download.members())
    assert count == photos, count
    took = sum(map(processor_milliseconds, workers)) - ran
    copied, seconds = copy(site)
    zipped = download.received / download.seconds / 1e6
    print(f"{count} photos, {download.received / 1e9:.2f} GB, every checksum right")
    print(f"first byte   {download.first:6.2f} s       (wanted: ≤ {_FIRST_SECONDS:g})")
    print(f"web grew     {download.grew:6.1f} MB      (wanted: ≤ {_MOST_GROWN})")
    print(
        f"zip          {zipped:6.0f} MB/s    web: {took / (download.received / 1e6):.2f} ms of processor time a MB"
    )
    print(f"boto3        {copied / seconds / 1e6:6.0f} MB/s    ratio {zipped / (copied / seconds / 1e6):.2f}")


def copy(site: Site) -> tuple[int, float]:
    """Bytes and seconds of reading all originals one after the other, as the site does, and doing nothing with them."""
    client, began, total = site.s3(), time.monotonic(), 0
    for page in client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="originals/"):
        for item in page.get("Contents", []):
            body = client.get_object(Bucket=BUCKET, Key=item["Key"])["Body"]
            total += sum(map(len, body.iter_chunks(_CHUNK)))
    return total, time.monotonic() - began


if __name__ == "__main__":
    main()
