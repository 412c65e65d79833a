"""What the site does on AWS, by its own functions where it has them: one entry a call that a role may need."""

import contextlib
import dataclasses
import io
import uuid
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from deploy.iam import render
from gallery import storage
from gallery.labelling import rekognition

BUCKET: Final = "photosite"
ACCOUNT: Final = "123456789012"  # moto's own
PLACE: Final = render.Place(BUCKET, ACCOUNT, "us-west-2", ("https://photos.example.org",))
PICTURE: Final = b"the bytes of a picture"
DIGEST: Final = sha256(PICTURE).hexdigest()
THERE: Final = "there"  # a key that was stored under every prefix
PREFIXES: Final = ("originals", "renditions", "exports")


@dataclasses.dataclass(frozen=True)
class World:
    """What an operation finds: clients with a role's credentials, unfinished uploads by prefix, a folder."""

    s3: Any
    uploads: dict[str, str]
    folder: Path

    def at(self, prefix: str, key: str = THERE) -> dict[str, str]:
        return {"Bucket": BUCKET, "Key": f"{prefix}/{key}"}

    def upload(self, prefix: str) -> dict[str, str]:
        return {**self.at(prefix, "upload"), "UploadId": self.uploads[prefix]}


def _put_original(key: str) -> None:
    storage.put_original(
        key, io.BytesIO(PICTURE), size=len(PICTURE), sha256=DIGEST, content_type="image/jpeg"
    )


def _put_rendition(world: World) -> None:
    path = world.folder / "rendition"
    path.write_bytes(PICTURE)
    storage.put_rendition("new", path, content_type="image/webp")


def _ask(operation: str) -> None:
    """moto judges the permission first, and then does not have most of these operations."""
    with contextlib.suppress(NotImplementedError):
        rekognition.ask(operation, PICTURE)


def _listed(prefix: str) -> None:
    assert any(stored.key == THERE for stored in storage.listed(prefix))


def _make_bucket(world: World) -> None:
    """It is there already, which S3 only says to who may make it."""
    place = {"LocationConstraint": PLACE.region}
    with contextlib.suppress(world.s3.exceptions.BucketAlreadyOwnedByYou):
        world.s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration=place)


RUN: Final[dict[str, Callable[[World], object]]] = {
    "store an original": lambda w: _put_original(str(uuid.uuid4())),
    "send the same original again": lambda w: _put_original(THERE),
    "read an original": lambda w: storage.fetch_original(THERE, w.folder / "copy", sha256=DIGEST),
    "list an original's parts": lambda w: w.s3.list_parts(**w.upload("originals")),
    "abandon an original's upload": lambda w: w.s3.abort_multipart_upload(**w.upload("originals")),
    "read a rendition": lambda w: storage.read_rendition(THERE),
    "read an export": lambda w: w.s3.get_object(**w.at("exports")),
    "store a rendition": _put_rendition,
    "store an export": lambda w: w.s3.put_object(**w.at("exports", "new"), Body=PICTURE),
    "mark a rendition deleted": lambda w: w.s3.delete_object(**w.at("renditions")),
    "mark an export deleted": lambda w: w.s3.delete_object(**w.at("exports")),
    "mark an original deleted": lambda w: w.s3.delete_object(**w.at("originals")),
    "abandon a rendition's upload": lambda w: w.s3.abort_multipart_upload(**w.upload("renditions")),
    "abandon an export's upload": lambda w: w.s3.abort_multipart_upload(**w.upload("exports")),
    "list renditions": lambda w: _listed("renditions"),
    "list originals": lambda w: _listed("originals"),
    "find unfinished uploads": lambda w: w.s3.list_multipart_uploads(Bucket=BUCKET),
    "label a photo": lambda w: rekognition.ask("DetectLabels", PICTURE, MinConfidence=55),
    "find faces": lambda w: _ask("DetectFaces"),
    "recognise celebrities": lambda w: _ask("RecognizeCelebrities"),
    "warn of content": lambda w: _ask("DetectModerationLabels"),
    "read text": lambda w: _ask("DetectText"),
    "delete an original for good": lambda w: storage.delete("originals", THERE),
    "delete a rendition for good": lambda w: storage.delete("renditions", THERE),
    "delete an export for good": lambda w: storage.delete("exports", THERE),
    "look where the bucket is": lambda w: w.s3.get_bucket_location(Bucket=BUCKET),
    "look at versioning": lambda w: w.s3.get_bucket_versioning(Bucket=BUCKET),
    "look at CORS": lambda w: w.s3.get_bucket_cors(Bucket=BUCKET),
    "look at the bucket policy": lambda w: w.s3.get_bucket_policy(Bucket=BUCKET),
    "look at the lifecycle": lambda w: w.s3.get_bucket_lifecycle_configuration(Bucket=BUCKET),
    "make the bucket": _make_bucket,
    "look whether the bucket is there": lambda w: w.s3.list_objects_v2(Bucket=BUCKET, MaxKeys=1),
    "switch versioning on": lambda w: w.s3.put_bucket_versioning(
        Bucket=BUCKET, VersioningConfiguration=render.document("versioning", PLACE)
    ),
    "set CORS": lambda w: w.s3.put_bucket_cors(
        Bucket=BUCKET, CORSConfiguration=render.document("cors", PLACE)
    ),
    "set the lifecycle": lambda w: w.s3.put_bucket_lifecycle_configuration(
        Bucket=BUCKET, LifecycleConfiguration=render.document("lifecycle", PLACE)
    ),
    "set the bucket policy": lambda w: w.s3.put_bucket_policy(Bucket=BUCKET, Policy='{"Statement": []}'),
}
