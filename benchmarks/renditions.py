"""What a photo's three renditions cost, beside the least that they can cost, naive Pillow and npm's sharp.

Each engine is a process of its own and takes its turn in every round, so that a busy machine slows all of them: medians
of the rounds' ratios. sharp is fetched for this alone, into a cache. Quality is measured before encoding, against the
whole picture brought down by Lanczos. `python -m benchmarks.renditions [--rounds N]`
"""

import argparse
import contextlib
import io
import math
import os
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.budgets import Row
from benchmarks.engines import ENGINES, OURS
from gallery.imaging.darkroom import ENVIRONMENT
from gallery.imaging.decode import decode
from gallery.imaging.raster import to_image
from gallery.imaging.render import ladder
from gallery.imaging.specs import SPECS
from tests.site.running import ROOT

_PHOTOS: Final = ROOT / "gallery" / "demo" / "photos"
# In each of these cameras' pictures much is small. The first one is what costs are measured with.
_NAMES: Final = ("picos-de-europa.jpg", "sunset.jpg", "dandelions.jpg")
_SIZES: Final = {"12 MP": (4032, 3024), "24 MP": (6000, 4000)}
_SHARP: Final = "sharp@0.35.5"
_CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "photosite" / _SHARP
NPM_SHARP: Final = "npm sharp"
_FETCH_SECONDS: Final = 300
_WARM: Final = 2

Plane = NDArray[np.float64]


class Cost(NamedTuple):
    """Of one photo: processor milliseconds; of the engine's process: the most bytes of memory it had."""

    milliseconds: float
    peak: int


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=25)
    asked, _ = parser.parse_known_args()
    sharp = sharp_command()
    with tempfile.TemporaryDirectory(prefix="photosite-renditions-") as folder:
        for name, size in _SIZES.items():
            path = Path(folder) / "plain.jpg"
            path.write_bytes(photograph(_NAMES[0], size))
            costs = measure(path, sharp, asked.rounds)
            print(f"{name}, {path.stat().st_size / 1e6:.1f} MB")
            show(costs, {"floor": 1.35, NPM_SHARP: 0.75})
            path.write_bytes(photograph(_NAMES[0], size, icc=display_p3()))
            print(f"{name} in Display P3")
            show(measure(path, sharp, asked.rounds), {NPM_SHARP: 0.30})
            for photo in _NAMES:
                path.write_bytes(photograph(photo, size))
                print(f"{name}, {photo}")
                for row in quality(path):
                    print(f"  {row}")


def photograph(name: str, size: tuple[int, int], icc: bytes = b"") -> bytes:
    """A JPEG of this size as a camera writes it."""
    with Image.open(_PHOTOS / name, formats=["JPEG"]) as opened:
        wide = min(opened.width, opened.height * size[0] // size[1])
        image = opened.crop((0, 0, wide, wide * size[1] // size[0])).resize(size, Image.Resampling.BICUBIC)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=92, subsampling="4:2:0", icc_profile=icc)
    return out.getvalue()


def measure(path: Path, sharp: list[str] | None, rounds: int) -> dict[str, list[Cost]]:
    """By engine what each round cost."""
    with contextlib.ExitStack() as stack:
        engines = {
            name: stack.enter_context(
                running([sys.executable, "-m", "benchmarks.engines", name], ENVIRONMENT)
            )
            for name in ENGINES
        }
        if sharp:
            engines[NPM_SHARP] = stack.enter_context(running(sharp, {}))
        took = [{name: ask(engine, path) for name, engine in engines.items()} for _ in range(_WARM + rounds)]
    return {name: [one[name] for one in took[_WARM:]] for name in engines}


@contextlib.contextmanager
def running(command: list[str], surroundings: Mapping[str, str]) -> Iterator[subprocess.Popen[str]]:
    """`surroundings`: as the site's own child has them, where that is what it is compared with."""
    environment = {**os.environ, **surroundings}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment, cwd=ROOT
    ) as engine:
        yield engine
        engine.kill()


def ask(engine: subprocess.Popen[str], path: Path) -> Cost:
    assert engine.stdin is not None
    assert engine.stdout is not None
    engine.stdin.write(f"{path}\n")
    engine.stdin.flush()
    milliseconds, peak = engine.stdout.readline().split()
    return Cost(float(milliseconds), int(float(peak)))


def show(costs: dict[str, list[Cost]], goals: Mapping[str, float]) -> None:
    for name, rounds in costs.items():
        took = statistics.median(cost.milliseconds for cost in rounds)
        print(f"  {name:14} {took:7.0f} ms of processor time   {peak(rounds) / 1e6:6.0f} MB at most")
    for name in [name for name in costs if name != OURS]:
        against = statistics.median(
            our.milliseconds / their.milliseconds for our, their in zip(costs[OURS], costs[name], strict=True)
        )
        print(f"  {Row(f'against {name}', against, goals.get(name, math.inf), '')}")
    if NPM_SHARP in costs:
        print(f"  {Row(f'memory against {NPM_SHARP}', peak(costs[OURS]) / peak(costs[NPM_SHARP]), 0.5, '')}")


def peak(rounds: list[Cost]) -> int:
    return max(cost.peak for cost in rounds)


def quality(path: Path) -> Iterator[Row]:
    """How far each size is from the very same picture, before it is encoded."""
    steps = ladder(
        decode(path, "image/jpeg", SPECS[-1].longest_side), 1, [spec.longest_side for spec in SPECS]
    )
    with Image.open(path) as opened:
        whole = opened.convert("RGB")
    for spec in SPECS:
        made = to_image(steps[spec.longest_side])
        wanted = whole.resize(made.size, Image.Resampling.LANCZOS)
        most = 5 if spec is SPECS[-1] else 2
        yield Row(
            f"{spec.name} {made.width}, what lacks to SSIM 1", 1000 * (1 - ssim(made, wanted)), most, "‰"
        )


def ssim(one: Image.Image, other: Image.Image) -> float:
    """Structural similarity of lightness. Source: Wang et al., IEEE Transactions on Image Processing 13 (4), 2004."""
    a, b = (np.asarray(image.convert("L"), np.float64) for image in (one, other))
    mean_a, mean_b = blurred(a), blurred(b)
    spread_a, spread_b = blurred(a * a) - mean_a**2, blurred(b * b) - mean_b**2
    together = blurred(a * b) - mean_a * mean_b
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_a * mean_b + light) * (2 * together + contrast)
    return float(np.mean(alike / ((mean_a**2 + mean_b**2 + light) * (spread_a + spread_b + contrast))))


def blurred(plane: Plane) -> Plane:
    """By a Gaussian of 11 pixels; without the margin where it does not fit."""
    weights = np.exp(-0.5 * (np.arange(-5, 6) / 1.5) ** 2)
    weights /= weights.sum()
    rows, columns = (side - 10 for side in plane.shape)
    down: Plane = sum((weight * plane[at : at + rows] for at, weight in enumerate(weights)), np.zeros(()))
    across: Plane = sum(
        (weight * down[:, at : at + columns] for at, weight in enumerate(weights)), np.zeros(())
    )
    return across


def sharp_command() -> list[str] | None:
    """How sharp is asked, fetched if need be; None, having said why, where it can't be had."""
    path = os.pathsep.join([os.environ.get("PATH", ""), str(Path(sys.executable).parent)])
    node, npm = (shutil.which(name, path=path) for name in ("node", "npm"))
    if not node or not npm:
        print("renditions: without npm sharp, since there is no node or no npm on this machine")
        return None
    if not (_CACHE / "node_modules" / "sharp").is_dir():
        _CACHE.mkdir(parents=True, exist_ok=True)
        install = [npm, "install", "--no-audit", "--no-fund", "--prefix", str(_CACHE), _SHARP]
        try:
            subprocess.run(install, check=True, timeout=_FETCH_SECONDS, capture_output=True)
        except (subprocess.SubprocessError, OSError) as error:
            print(f"renditions: without npm sharp, which could not be fetched ({type(error).__name__})")
            return None
    return [node, str(ROOT / "benchmarks" / "sharp.mjs"), f"{_CACHE}/"]


def display_p3() -> bytes:
    """The profile of Apple's phones, without its texts. Source: ICC.1:2022; SMPTE EG 432-1."""
    curve = b"para" + struct.pack(">4xHH", 3, 0) + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    tags = {
        b"wtpt": b"XYZ " + bytes(4) + _fixed(0.9642, 1, 0.8249),
        b"rXYZ": b"XYZ " + bytes(4) + _fixed(0.51512, 0.2412, -0.00105),
        b"gXYZ": b"XYZ " + bytes(4) + _fixed(0.29198, 0.69225, 0.04189),
        b"bXYZ": b"XYZ " + bytes(4) + _fixed(0.1571, 0.06657, 0.78407),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    at, table, body = 132 + 12 * len(tags), struct.pack(">L", len(tags)), b""
    for name, value in tags.items():
        table += name + struct.pack(">LL", at + len(body), len(value))
        body += value
    head = struct.pack(">L4xL4s4s4s", at + len(body), 0x04000000, b"mntr", b"RGB ", b"XYZ ")
    head += struct.pack(">6H4s28x", 2022, 1, 1, 0, 0, 0, b"acsp") + _fixed(0.9642, 1, 0.8249)
    return head.ljust(128, b"\0") + table + body


def _fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">l", round(number * 65536)) for number in numbers)


if __name__ == "__main__":
    main()
