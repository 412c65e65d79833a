"""Files that are no photos are refused in words and leave nothing; a hidden flaw is told later, and nothing is lost."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.site import pictures
from tests.site.client import Client
from tests.site.conftest import MOST_BYTES
from tests.site.running import BUCKET, Site
from tests.site.waiting import until

pytestmark = [pytest.mark.site]
SVG: Final = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
VIDEO: Final = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(2000)
REFUSED: Final[dict[str, tuple[str, Callable[[], bytes], int, str]]] = {
    "a text": ("cat.jpg", lambda: b"Dear diary, today I saw a cat.\n" * 40, 415, "unsupported_format"),
    "an SVG": ("drawing.svg", lambda: SVG, 415, "unsupported_format"),
    "an SVG named JPEG": ("drawing.jpg", lambda: SVG, 415, "unsupported_format"),
    "a video": ("clip.mp4", lambda: VIDEO, 415, "unsupported_format"),
    "no byte at all": ("cat.jpg", lambda: b"", 422, "empty"),
    "half a JPEG": ("cat.jpg", lambda: pictures.cat()[: len(pictures.cat()) // 2], 422, "truncated"),
    "a bomb": ("big.png", pictures.enormous_png, 422, "too_many_pixels"),
    "one byte too much": ("cat.jpg", lambda: pictures.cat().ljust(MOST_BYTES + 1, b"\0"), 413, "too_large"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_photo_is_refused_in_words_and_leaves_nothing(
    site: Site, alice: Client, what: str
) -> None:
    name, data, status, code = REFUSED[what]
    before = originals(site), account(alice)
    answer = alice.send(data(), name)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json"), answer
    assert answer.json["code"] == code
    assert_sentence(answer.json["detail"])
    until(lambda: originals(site) == before[0], "nothing is left in the bucket", 30)
    assert account(alice) == before[1]


def test_a_file_at_the_limit_is_taken(site: Site, alice: Client) -> None:
    data = pictures.fresh().ljust(MOST_BYTES, b"\0")
    assert alice.original(alice.add(data)) == data


def test_bytes_after_the_picture_are_kept(site: Site, alice: Client) -> None:
    data = pictures.fresh() + b"\xff\xd8 a second picture, as phones append it " + bytes(range(256))
    photo = alice.add(data)
    assert alice.labelled(photo)["bytes"] == len(data)
    assert alice.original(photo) == data


@pytest.mark.parametrize("flaw", [pictures.png_broken_inside, pictures.png_with_a_wrong_sum])
def test_a_flaw_that_only_decoding_finds_is_told_and_the_original_kept(
    site: Site, alice: Client, flaw: Callable[[], bytes]
) -> None:
    photo = alice.add(flaw(), "broken.png")

    def failed() -> dict[str, Any] | None:
        found = alice.photo(photo)["processing"]
        assert found["state"] != "done"
        return found if found["state"] == "failed" else None

    processing = until(failed, "the flaw is found", 60)
    assert_sentence(processing["steps"][0]["reason"])
    assert alice.original(photo) == flaw()


def assert_sentence(words: str) -> None:
    """Something that a person understands: a sentence, without the words of machines."""
    assert words[0].isupper()
    assert words.endswith(".")
    assert len(words.split()) > 5
    assert not any(jargon in words for jargon in ("Exception", "Error", "None", "0x", "{", "_"))


def account(client: Client) -> dict[str, Any]:
    """The user's account as the API tells it."""
    answer = client.ask("GET", "/api/v1/account/")
    assert answer.status == 200, answer
    return {name: answer.json[name] for name in ("used_bytes", "photos", "trashed")}


def originals(site: Site) -> set[str]:
    """The keys of all originals in the bucket."""
    pages = site.s3().get_paginator("list_objects_v2").paginate(Bucket=BUCKET, Prefix="originals/")
    return {item["Key"] for page in pages for item in page.get("Contents", [])}
