"""The list of tests that only `make test-long` runs names tests that are there."""

from pathlib import Path

import pytest

from conftest import THOROUGH

pytestmark = pytest.mark.pure


def test_each_of_them_is_there() -> None:
    assert [name for name in THOROUGH if not is_there(name)] == []


def is_there(name: str) -> bool:
    path, _, test = name.partition("::")
    return f"def {test.partition('[')[0].split('::')[-1]}(" in (Path(__file__).parents[1] / path).read_text()
