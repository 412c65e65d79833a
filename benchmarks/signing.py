"""200 presigned URLs, as a page makes them, against boto3's own in one run. Goal: at most 1/100 of its CPU time."""

import functools
import itertools
import os
import statistics
import time
from collections.abc import Callable

import boto3
import django
from botocore.config import Config

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "photosite.settings")
django.setup()

from gallery import signing  # noqa: E402 - Django must be set up first
from gallery.models import Rendition  # noqa: E402 - as above

_URLS, _ROUNDS, _GOAL = 200, 15, 1 / 100


def main() -> None:
    client = boto3.client(
        "s3",
        region_name="us-west-2",
        aws_access_key_id="AKIDEXAMPLE",
        aws_secret_access_key="secret" * 7,
        config=Config(signature_version="s3v4"),
    )
    pages = itertools.count()

    def never_seen() -> None:
        write(next(pages))

    def seen_within_the_hour() -> None:
        write(0)

    def boto3s() -> None:
        for rendition in renditions(0):
            client.generate_presigned_url(
                "get_object", Params={"Bucket": "photosite", "Key": rendition.key}, ExpiresIn=7200
            )

    for page in range(_ROUNDS + 1):
        renditions(page)
    write(next(pages))
    for ours in (never_seen, seen_within_the_hour):
        report(ours.__name__, [(cpu(ours), cpu(boto3s)) for _ in range(_ROUNDS)])


@functools.cache
def renditions(page: int) -> list[Rendition]:
    return [Rendition(key=f"{page:018d}{number:018d}/thumb-320-q75.webp") for number in range(_URLS)]


def write(page: int) -> None:
    for rendition in renditions(page):
        signing.rendition_url(rendition)


def cpu(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def report(name: str, pairs: list[tuple[float, float]]) -> None:
    ratio = statistics.median(mine / peer for mine, peer in pairs)
    mine, peer = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(
        f"signing {_URLS} URLs {name}: {mine:.2f} ms, boto3 {peer:.1f} ms, 1/{1 / ratio:.0f} (goal 1/{1 / _GOAL:.0f})"
    )


if __name__ == "__main__":
    main()
