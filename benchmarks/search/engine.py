"""All measurements on one kind of database, that of the environment; the process that `benchmarks.search` starts."""

import argparse
import sys
import time

from django.db import connection

from benchmarks.search.collection import Library
from benchmarks.search.databases import SMALL, ensure
from benchmarks.search.measures import measure
from benchmarks.search.pages import pages
from benchmarks.search.slowest import listed, made_up
from benchmarks.search.writing import writing
from gallery.models import Detection

_SMALL_PHOTOS = 10_000
_OWNERS = 100


def main() -> None:
    """Prints as it goes; status 1 if a goal was not met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, required=True)
    parser.add_argument("--made-up", type=int, required=True)
    parser.add_argument("--pages-only", action="store_true")
    wanted = parser.parse_args()
    began = time.monotonic()
    # The small one is all of one owner's, so that a page of it is full, too.
    ensure(SMALL, Library(_SMALL_PHOTOS, owners=1))
    ensure("large", Library(wanted.photos, owners=_OWNERS))
    print(
        f"{connection.vendor}: {wanted.photos} photos, {Detection.objects.count()} detections, {_OWNERS} owners; "
        f"filled in {time.monotonic() - began:.0f} s",
        flush=True,
    )
    failed = 0
    others = () if wanted.pages_only else (measure(), writing(), listed(), made_up(wanted.made_up))
    for lines in (pages(), *others):
        for line in lines:
            print(line, flush=True)
            failed += not line.met
    print(f"{connection.vendor}: {failed} goals not met, {time.monotonic() - began:.0f} s")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
