"""Answers held against AWS's own description of them: botocore's service model, strictly."""

import math
from typing import Any

from botocore.model import ListShape, Shape, StringShape, StructureShape

from photosite.localaws.botomodel import rekognition_model

PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "structure": dict,
    "list": list,
    "string": str,
    "integer": int,
    "float": (int, float),
}


def violations(value: Any, shape_name: str) -> list[str]:
    """What is wrong with a value, as sentences; nothing if it is as AWS declares that shape."""
    return _check(value, rekognition_model().shape_for(shape_name), shape_name)


def _check(value: Any, shape: Shape, where: str) -> list[str]:
    if isinstance(value, bool) or not isinstance(value, PYTHON_TYPES[shape.type_name]):
        return [f"{where} is {value!r}, not a {shape.type_name}"]
    return _limits(value, shape, where) + _inside(value, shape, where)


def _inside(value: Any, shape: Shape, where: str) -> list[str]:
    if isinstance(shape, StructureShape):
        return _members(value, shape, where)
    if isinstance(shape, ListShape):
        return [
            one for place, item in enumerate(value) for one in _check(item, shape.member, f"{where}[{place}]")
        ]
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        return [f"{where} is {value!r}, not one of {shape.enum}"]
    return []


def _members(value: dict[str, Any], shape: StructureShape, where: str) -> list[str]:
    unknown = [f"{where}.{name} is not declared" for name in value if name not in shape.members]
    missing = [f"{where}.{name} is missing" for name in shape.required_members if name not in value]
    known = [name for name in value if name in shape.members]
    deeper = [one for name in known for one in _check(value[name], shape.members[name], f"{where}.{name}")]
    return unknown + missing + deeper


def _limits(value: Any, shape: Shape, where: str) -> list[str]:
    number = isinstance(value, int | float)
    if number and not math.isfinite(value):
        return [f"{where} is {value!r}"]
    size = value if number else len(value)
    low, high = shape.metadata.get("min", -math.inf), shape.metadata.get("max", math.inf)
    return [] if low <= size <= high else [f"{where} is {size}, outside {low} to {high}"]
