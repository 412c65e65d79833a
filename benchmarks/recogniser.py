"""The recogniser end to end, beside its floor: the same networks without anything around them.

500 photos of 1280 px go through boto3's protocol with eight callers, each signed, sent, decoded and answered;
the floor runs the networks with two threads on the same photos, already decoded and scaled. Faces and text are
measured on fewer of them.
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

from photosite.localaws import face_network, text_network
from photosite.localaws.face_network import FaceNetwork
from photosite.localaws.networks import Networks, classifier_views, squared
from photosite.localaws.pictures import WORKING_SIDE, read_picture
from photosite.localaws.recognition import MODELS, TEXT_SIDE
from photosite.localaws.tests.process import ROOT, RunningRecogniser
from photosite.localaws.text_network import TextNetworks

LONGEST = 1280
CALLERS = 8
FLOOR_THREADS = 2
TARGET_RATE = 20
TARGET_MB = 350
SHARES = {"detect_labels": 1, "detect_faces": 4, "detect_text": 10}
"""Operations, and what part of the photos each is measured on: 1 for all, 10 for a tenth."""


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


def asking(client: Any, operation: str) -> Callable[[bytes], object]:
    """A call of an operation with a photo's bytes."""
    return lambda data: getattr(client, operation)(Image={"Bytes": data})


def measure_recogniser(pictures: Sequence[bytes]) -> tuple[dict[str, float], float]:
    """Photos a second of each operation, and peak MB, of a recogniser of our own."""
    running = RunningRecogniser()
    try:
        client = running.client(max_pool_connections=CALLERS)
        speeds = {}
        for name, share in SHARES.items():
            ask = asking(client, name)
            ask(pictures[0])
            some = pictures[: max(len(pictures) // share, CALLERS)]
            speeds[name] = rate(ask, some, CALLERS)
        return speeds, peak_megabytes(running.processes())
    finally:
        running.stop()


def measure_floors(pictures: Sequence[bytes]) -> dict[str, float]:
    """Photos a second of the bare networks; decoding and scaling are done before the clock starts.

    There is next to no text on these photos: the floor of text is the network that looks for it.
    """
    labels, faces, text = Networks(MODELS), FaceNetwork(MODELS), TextNetworks(MODELS)
    floors: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any], int]] = {
        "detect_labels": (
            lambda photo: (squared(photo), classifier_views(photo)),
            lambda pair: labels.infer(*pair),
            WORKING_SIDE,
        ),
        "detect_faces": (face_network.searched, faces.infer, WORKING_SIDE),
        "detect_text": (text_network.searched, text.detect, TEXT_SIDE),
    }
    speeds = {}
    for name, (prepare, work, side) in floors.items():
        some = pictures[: max(len(pictures) // SHARES[name], CALLERS)]
        inputs = [prepare(read_picture(data, side)) for data in some]
        work(inputs[0])
        # Text is read one at a time, so that it leaves half the machine to the others.
        speeds[name] = rate(work, inputs, 1 if name == "detect_text" else FLOOR_THREADS)
    return speeds


def main() -> None:
    """Prints one table; the exit status says nothing, since a busy machine is no fault of the code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--photos", type=int, default=500)
    pictures = photos(parser.parse_args().photos)
    speeds, megabytes = measure_recogniser(pictures)
    floors = measure_floors(pictures)
    kilobytes = sum(map(len, pictures)) / len(pictures) / 1024
    print(f"{len(pictures)} photos of {LONGEST} px, {kilobytes:.0f} KiB each, {CALLERS} callers")
    print("                 photos/s   bare networks   ratio")
    for name, speed in speeds.items():
        print(f"{name:15s} {speed:9.1f} {floors[name]:15.1f} {speed / floors[name]:7.2f}")
    print(f"labels wanted: {TARGET_RATE} photos/s")
    print(f"peak resident with all networks {megabytes:.0f} MB (wanted: under {TARGET_MB})")


if __name__ == "__main__":
    main()
