"""What others wrote and browsers load is what its list says, all of it; and what is drawn from it is up to date."""

import hashlib
import itertools
import tomllib
from typing import Final

import pytest

from tests.browser.world import DRAWING, coasts, drawn
from tests.site.running import ROOT

pytestmark = pytest.mark.pure
FOLDER: Final = ROOT / "static" / "vendor"
PACKAGES: Final = tomllib.loads((FOLDER / "vendored.toml").read_text())["package"]


@pytest.mark.parametrize("package", PACKAGES, ids=[package["folder"] for package in PACKAGES])
def test_every_file_is_as_it_came(package: dict[str, str | dict[str, str]]) -> None:
    folder = FOLDER / str(package["folder"])
    found = {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    assert found == package["sha256"]
    assert any("LICENSE" in name.upper() for name in found)
    assert package["folder"] == f"{str(package['name']).removesuffix('.org')}-{package['version']}"
    assert str(package["source"]).endswith(f"-{package['version']}.tgz")


def test_no_package_is_forgotten() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_dir()} == {
        package["folder"] for package in PACKAGES
    }


@pytest.mark.parametrize(
    ("longitude", "latitude", "land"),
    [
        pytest.param(2.35, 48.86, True, id="Paris"),
        pytest.param(-58.4, -34.7, True, id="Buenos Aires"),
        pytest.param(-178.0, 66.5, True, id="Chukotka, west of the date line"),
        pytest.param(175.0, 67.0, True, id="Chukotka, east of it"),
        pytest.param(0.0, -89.0, True, id="South Pole"),
        pytest.param(-40.0, 40.0, False, id="Atlantic"),
        pytest.param(-150.0, 0.0, False, id="Pacific"),
        pytest.param(51.0, 41.0, False, id="Caspian Sea"),
        pytest.param(0.0, 89.0, False, id="North Pole"),
    ],
)
def test_land_is_drawn_where_it_is(longitude: float, latitude: float, land: bool) -> None:
    """By the edges that lie to the east of the place."""
    edges = [edge for ring in coasts() for edge in itertools.pairwise([*ring, ring[0]])]
    across = [
        1
        for (x, y), (a, b) in edges
        if (y > -latitude) != (b > -latitude) and x + (a - x) * (-latitude - y) / (b - y) > longitude
    ]
    assert len(across) % 2 == land


def test_the_drawn_world_is_the_coast_of_the_atlas() -> None:
    assert DRAWING.read_text() == drawn()
