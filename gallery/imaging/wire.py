"""What goes between the darkroom and its child: one JSON line each way."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from gallery.exposure import Exposure
from gallery.imaging.errors import Refused, refusal
from gallery.imaging.facts import Facts
from gallery.imaging.specs import RenditionSpec


@dataclass(frozen=True)
class Rendered:
    """One rendition as a file. width, height: pixels; size: bytes; sha256: lower-case hex of the file."""

    spec: RenditionSpec
    path: Path
    width: int
    height: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Developed:
    """What came of one original: facts (of it as it came), thumbhash (5-25 bytes) and the wanted renditions, in their
    order, both turned; and the perceptual hash of it as it came, None where it is plain."""

    facts: Facts
    thumbhash: bytes
    renditions: tuple[Rendered, ...]
    phash: int | None = None


@dataclass(frozen=True)
class Order:
    """What the child is to do. quarter_turns: clockwise, once the picture is upright."""

    original: Path
    content_type: str
    into: Path
    specs: tuple[RenditionSpec, ...]
    quarter_turns: int = 0


@dataclass(frozen=True)
class Answer:
    """What became of an order: exactly one of developed, refused, fault (this machine's trouble, in words).

    resident: the most bytes of memory the child has ever had.
    """

    developed: Developed | None = None
    refused: Refused | None = None
    fault: str = ""
    resident: int = 0


def order_line(order: Order) -> bytes:
    specs = [asdict(spec) for spec in order.specs]
    return _line(
        {
            "original": str(order.original),
            "content_type": order.content_type,
            "into": str(order.into),
            "specs": specs,
            "quarter_turns": order.quarter_turns,
        }
    )


def read_order(line: bytes) -> Order:
    data = json.loads(line)
    specs = tuple(RenditionSpec(**spec) for spec in data["specs"])
    turns = data["quarter_turns"]
    return Order(Path(data["original"]), data["content_type"], Path(data["into"]), specs, turns)


def answer_line(answer: Answer) -> bytes:
    data: dict[str, Any] = {"fault": answer.fault, "resident": answer.resident}
    if answer.developed is not None:
        data["developed"] = _plain_developed(answer.developed)
    if answer.refused is not None:
        data["refused"] = {"key": answer.refused.key, "values": answer.refused.values}
    return _line(data)


def read_answer(line: bytes, specs: Sequence[RenditionSpec]) -> Answer:
    """The child's answer to an order for `specs`. Raises ValueError, KeyError or TypeError if it is none."""
    data = json.loads(line)
    developed = _developed(data["developed"], specs) if "developed" in data else None
    refused = refusal(data["refused"]["key"], **data["refused"]["values"]) if "refused" in data else None
    return Answer(developed, refused, data["fault"], data["resident"])


def _line(data: dict[str, Any]) -> bytes:
    """JSON escapes line ends, and paths that are no UTF-8 survive as lone surrogates in ASCII."""
    return json.dumps(data, separators=(",", ":")).encode("ascii") + b"\n"


def _plain_developed(developed: Developed) -> dict[str, Any]:
    taken = developed.facts.taken_local
    return {
        "facts": asdict(developed.facts) | {"taken_local": taken.isoformat() if taken else None},
        "thumbhash": base64.b64encode(developed.thumbhash).decode("ascii"),
        "renditions": [
            [str(made.path), made.width, made.height, made.size, made.sha256] for made in developed.renditions
        ],
        "phash": developed.phash,
    }


def _developed(data: dict[str, Any], specs: Sequence[RenditionSpec]) -> Developed:
    taken = data["facts"]["taken_local"]
    local = datetime.fromisoformat(taken) if taken else None
    facts = Facts(**data["facts"] | {"taken_local": local, "exposure": Exposure(**data["facts"]["exposure"])})
    renditions = tuple(
        Rendered(spec, Path(path), width, height, size, sha256)
        for spec, (path, width, height, size, sha256) in zip(specs, data["renditions"], strict=True)
    )
    return Developed(facts, base64.b64decode(data["thumbhash"], validate=True), renditions, data["phash"])
