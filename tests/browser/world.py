"""The coast of the world as a drawing, from Natural Earth's of world-atlas: `python -m tests.browser.world`.

A unit is a degree; north is up. For maps that are drawn without a script.
"""

import itertools
import json
from collections.abc import Iterable, Iterator
from typing import Any, Final

from tests.site.running import ROOT

SOURCE: Final = ROOT / "static" / "vendor" / "world-atlas-2.0.2" / "land-110m.json"
DRAWING: Final = ROOT / "static" / "map" / "world.svg"
_FILL: Final = "#8d96a5"  # between paper and ink, by day and by night
Point = tuple[float, float]


def drawn() -> str:
    path = "".join(_path(ring) for ring in coasts())
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-180 -90 360 180">'
        f'<path fill="{_FILL}" fill-opacity=".45" fill-rule="evenodd" d="{path}"/></svg>\n'
    )


def coasts() -> Iterator[list[Point]]:
    """Closed lines; what is within an odd number of them is land."""
    world = json.loads(SOURCE.read_text())
    arcs = [list(_unpacked(arc, world["transform"])) for arc in world["arcs"]]
    for land in world["objects"]["land"]["geometries"]:
        for ring in itertools.chain.from_iterable(land["arcs"]):
            yield from _copies(_whole(_joined(ring, arcs)))


def _unpacked(arc: list[list[int]], transform: dict[str, Any]) -> Iterator[Point]:
    """TopoJSON's arcs are differences on a grid."""
    (by_x, by_y), (from_x, from_y) = transform["scale"], transform["translate"]
    xs, ys = zip(*arc, strict=True)
    for x, y in zip(itertools.accumulate(xs), itertools.accumulate(ys), strict=True):
        yield x * by_x + from_x, -(y * by_y + from_y)


def _joined(ring: Iterable[int], arcs: list[list[Point]]) -> list[Point]:
    """A negative number is an arc from its end to its start; each begins where the one before it ends."""
    points: list[Point] = []
    for number in ring:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += arc[1:] if points else arc
    return points


def _whole(points: list[Point]) -> list[Point]:
    """Across the date line it goes on beyond 180 degrees; around the South Pole it is closed along that."""
    turns = itertools.accumulate(
        (round((after[0] - before[0]) / 360) for before, after in itertools.pairwise(points)), initial=0
    )
    ring = [(x - 360 * turn, y) for (x, y), turn in zip(points, turns, strict=True)]
    around = abs(ring[-1][0] - ring[0][0]) > 180
    return [*ring, (ring[-1][0], 90.0), (ring[0][0], 90.0)] if around else ring


def _copies(ring: list[Point]) -> Iterator[list[Point]]:
    """Itself, and what lies beyond an edge at the other one, too."""
    west, east = min(x for x, _ in ring), max(x for x, _ in ring)
    turns = [0.0, *([360.0] if west < -180 else []), *([-360.0] if east > 180 else [])]
    for turn in turns:
        yield [(x + turn, y) for x, y in ring]


def _path(points: list[Point]) -> str:
    """Rounded to tenths, as small steps."""
    tenths = [(round(x * 10), round(y * 10)) for x, y in points]
    steps = [(x - a, y - b) for (a, b), (x, y) in itertools.pairwise(tenths) if (a, b) != (x, y)]
    start = f"M{_number(tenths[0][0])} {_number(tenths[0][1])}l"
    return start + " ".join(f"{_number(x)} {_number(y)}" for x, y in steps) + "z"


def _number(tenths: int) -> str:
    whole = f"{tenths / 10:.1f}".removesuffix(".0")
    return whole.replace("0.", ".", 1) if abs(tenths) < 10 else whole


if __name__ == "__main__":
    DRAWING.parent.mkdir(exist_ok=True)
    DRAWING.write_text(drawn())
