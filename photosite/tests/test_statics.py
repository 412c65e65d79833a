"""Static files are compressed as far as it is worth."""

import random
from pathlib import Path

import brotli
import pytest

from photosite.statics import QuickCompressor

pytestmark = pytest.mark.pure
WORDS = "".join(
    f".photo-{number} {{ width: {number * number % 9973}px }}\n" for number in range(5000)
).encode()


def test_a_file_of_ours_is_compressed_as_far_as_can_be() -> None:
    small = WORDS[:50_000]
    assert QuickCompressor.compress_brotli(small) == brotli.compress(small, quality=11)


def test_a_large_file_of_a_package_is_compressed_in_time() -> None:
    assert len(WORDS) > 100_000
    compressed = QuickCompressor.compress_brotli(WORDS)
    assert compressed != brotli.compress(WORDS, quality=11)
    assert brotli.decompress(compressed) == WORDS


def test_what_cannot_be_compressed_is_sent_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "noise.js"
    path.write_bytes(random.Random(1).randbytes(120_000))
    assert QuickCompressor(quiet=True).compress(str(path)) == []
