"""The recogniser end to end, beside its floor: the same two networks without anything around them.

500 photos of 1280 px go through boto3's protocol with eight callers, each signed, sent, decoded and answered;
the floor runs both networks with two threads on the same 500 photos, already decoded and scaled.
`python -m benchmarks.recogniser [--photos N]`
"""

import argparse
import io
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from PIL import Image

# The floor's networks would otherwise bring a thread pool of their own.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from photosite.localaws.networks import Networks, classifier_views, squared
from photosite.localaws.pictures import read_picture
from photosite.localaws.recognition import MODELS
from photosite.localaws.tests.process import ROOT, RunningRecogniser

LONGEST = 1280
CALLERS = 8
FLOOR_THREADS = 2
TARGET_RATE = 20
TARGET_MB = 350


def photos(count: int) -> list[bytes]:
    """JPEGs of 1280 px made from the photographs of tests/photos, each cut a little differently."""
    originals = [
        Image.open(path).convert("RGB") for path in sorted((ROOT / "tests" / "photos").glob("*.jpg"))
    ]
    return [_variant(originals[number % len(originals)], number) for number in range(count)]


def _variant(original: Image.Image, number: int) -> bytes:
    cut = number // 6 % 40
    part = original.crop((cut, cut // 2, original.width - cut // 3, original.height))
    scale = LONGEST / max(part.size)
    large = part.resize((round(part.width * scale), round(part.height * scale)), Image.Resampling.BICUBIC)
    buffer = io.BytesIO()
    large.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def rate(work: Callable[[Any], object], items: Sequence[Any], threads: int) -> float:
    """Items a second with so many threads."""
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, items):
            pass
    return len(items) / (time.perf_counter() - began)


def peak_megabytes(processes: Sequence[int]) -> float:
    """Sum of the most that each process had resident."""
    return sum(_high_water(pid) for pid in processes) / 1024


def _high_water(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def measure_recogniser(pictures: Sequence[bytes]) -> tuple[float, float]:
    """Photos a second and peak MB of a recogniser of our own."""
    running = RunningRecogniser()
    try:
        client = running.client(max_pool_connections=CALLERS)
        client.detect_labels(Image={"Bytes": pictures[0]})
        speed = rate(lambda data: client.detect_labels(Image={"Bytes": data}), pictures, CALLERS)
        return speed, peak_megabytes(running.processes())
    finally:
        running.stop()


def measure_floor(pictures: Sequence[bytes]) -> float:
    """Photos a second of the bare networks; decoding and scaling are done before the clock starts."""
    networks = Networks(MODELS)
    decoded = [read_picture(data) for data in pictures]
    inputs = [(squared(photo), classifier_views(photo)) for photo in decoded]
    networks.infer(*inputs[0])
    return rate(lambda pair: networks.infer(*pair), inputs, FLOOR_THREADS)


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=500)
    pictures = photos(parser.parse_args().photos)
    speed, megabytes = measure_recogniser(pictures)
    floor = measure_floor(pictures)
    kilobytes = sum(map(len, pictures)) / len(pictures) / 1024
    print(f"{len(pictures)} photos of {LONGEST} px, {kilobytes:.0f} KiB each")
    print(f"recogniser, {CALLERS} callers   {speed:6.1f} photos/s   (wanted: {TARGET_RATE})")
    print(f"floor, bare networks    {floor:6.1f} photos/s   ratio {speed / floor:.2f}")
    print(f"peak resident           {megabytes:6.0f} MB         (wanted: under {TARGET_MB})")


if __name__ == "__main__":
    main()
