"""200 presigned URLs, as a page makes them, against boto3's own in one run. Goal: at most 1/100 of its CPU time."""

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
from gallery.models import Rendition  # noqa: E402

_URLS, _ROUNDS, _GOAL = 200, 15, 1 / 100
_KEYS = signing.Keys("AKIDEXAMPLE", "secret" * 7)


def main() -> None:
    client = boto3.client(
        "s3", region_name="us-west-2", aws_access_key_id=_KEYS.access_key, aws_secret_access_key=_KEYS.secret_key,
        config=Config(signature_version="s3v4"),
    )  # fmt: skip
    names = [f"{number:036d}/thumb-320-q75.webp" for number in range(_URLS)]
    renditions = [Rendition(key=name) for name in names]

    def ours() -> None:
        for rendition in renditions:
            signing.rendition_url(rendition)

    def theirs() -> None:
        for name in names:
            client.generate_presigned_url(
                "get_object", Params={"Bucket": "photosite", "Key": f"renditions/{name}"}, ExpiresIn=7200
            )

    pairs = [(_cpu(ours), _cpu(theirs)) for _ in range(_ROUNDS)]
    ratio = statistics.median(mine / peer for mine, peer in pairs)
    mine, peer = (statistics.median(column) * 1000 for column in zip(*pairs, strict=True))
    print(
        f"signing      {_URLS} URLs: {mine:.2f} ms, boto3 {peer:.1f} ms, ratio 1/{1 / ratio:.0f} (goal 1/{1 / _GOAL:.0f})"
    )


def _cpu(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
