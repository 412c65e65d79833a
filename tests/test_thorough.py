"""The list of tests that only `make test-long` runs names tests that are there."""

from pathlib import Path

import pytest

from conftest import THOROUGH

pytestmark = pytest.mark.pure


@pytest.mark.parametrize("name", THOROUGH)
def test_it_is_there(name: str) -> None:
    path, _, test = name.partition("::")
    assert f"def {test.partition('[')[0]}(" in (Path(__file__).parents[1] / path).read_text()
