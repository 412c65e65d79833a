"""The process that decodes: `python -m gallery.imaging.child PARENT MEMORY CPU FILE`.

Reads one order a line from standard input and writes one answer a line to what was standard output at its start,
until its input ends. It is started by darkroom.py with limits and an almost empty environment.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from pathlib import Path

from PIL import Image

from gallery.imaging.decode import decode
from gallery.imaging.errors import Refused, refusal
from gallery.imaging.facts import orientation_of, read_facts
from gallery.imaging.limits import Limits, allow_cpu, confine, die_with_parent, most_resident
from gallery.imaging.metadata.exif import read_exif
from gallery.imaging.phash import perceptual_hash
from gallery.imaging.raster import Raster, to_image
from gallery.imaging.render import encode, ladder
from gallery.imaging.specs import SPECS, RenditionSpec
from gallery.imaging.thumbhash import thumbhash
from gallery.imaging.wire import Answer, Developed, Order, Rendered, answer_line, read_order
from gallery.likeness import turned

# Every step is made whichever are wanted, so that a rendition has the same bytes whatever else was missing.
_SIDES = tuple(spec.longest_side for spec in SPECS)


def develop(order: Order) -> Developed:
    """Do one order in this process. Raises Refused, MemoryError, OSError."""
    sides = {*_SIDES, *(spec.longest_side for spec in order.specs)}
    decoded = decode(order.original, order.content_type, max(sides))
    orientation = orientation_of(read_exif(decoded.exif))
    facts = read_facts(decoded.metadata, decoded.width, decoded.height, orientation)
    steps = ladder(decoded, facts.orientation, sides, order.quarter_turns)
    made = tuple(_render(steps[spec.longest_side], spec, order.into) for spec in order.specs)
    smallest = to_image(steps[min(sides)])
    phash = perceptual_hash(smallest)
    upright = None if phash is None else turned(phash, -order.quarter_turns)
    return Developed(facts, thumbhash(smallest), made, upright)


def answer(order: Order) -> Answer:
    """Do one order and say what became of it, whatever that is."""
    try:
        return Answer(developed=develop(order), resident=most_resident())
    except Refused as refused:
        return Answer(refused=refused, resident=most_resident())
    except MemoryError:
        return Answer(refused=refusal("limits"), resident=most_resident())
    except Exception as error:  # noqa: BLE001 the darkroom must hear of it, and it knows nobody but us
        return Answer(fault=f"{type(error).__name__}: {error}", resident=most_resident())


def main(parent: int, limits: Limits) -> None:
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    orders, answers = _private_pipes()
    confine(limits)
    Image.MAX_IMAGE_PIXELS = None  # walks/ have their own, stricter caps
    with os.fdopen(orders, "rb") as lines:
        for line in lines:
            allow_cpu(limits.cpu)
            _write(answers, answer_line(answer(read_order(line))))


def _render(raster: Raster, spec: RenditionSpec, into: Path) -> Rendered:
    data = encode(raster, spec)
    path = into / spec.filename
    path.write_bytes(data)
    return Rendered(spec, path, raster.width, raster.height, len(data), hashlib.sha256(data).hexdigest())


def _private_pipes() -> tuple[int, int]:
    """Move both pipes out of the way: what a library prints goes to standard error, what it reads is empty."""
    orders, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return orders, answers


def _write(fd: int, line: bytes) -> None:
    while line:
        line = line[os.write(fd, line) :]


if __name__ == "__main__":
    main(int(sys.argv[1]), Limits(*(int(argument) for argument in sys.argv[2:5])))
