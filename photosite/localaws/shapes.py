"""A request's JSON checked against the shapes that AWS declares, with the words AWS uses.

The shapes are botocore's own service model. A wrong type is a SerializationException; a value of the right
type outside its declared limits is a ValidationException that lists every violation, each with its member's
path in lower camel case. Members that the model does not know are ignored, as AWS ignores them.
"""

import base64
import binascii
import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from botocore.model import ListShape, Shape, StringShape, StructureShape

from photosite.localaws.refusals import Refusal

Members = dict[str, Any]


def parse_body(body: bytes, shape: Shape) -> Members:
    """The request as Python values (blobs as bytes, absent and null members left out).

    Raises a Refusal: SerializationException or ValidationException.
    """
    try:
        # An empty body is an empty request, as AWS takes it.
        document = json.loads(body or b"{}", parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _serialization("Unable to parse the request as JSON") from error
    values: Members = _converted(document, shape)
    violations = list(_violations(values, shape, ""))
    if violations:
        raise Refusal("ValidationException", _summary(violations))
    return values


def _summary(violations: list[str]) -> str:
    noun = "error" if len(violations) == 1 else "errors"
    return f"{len(violations)} validation {noun} detected: {'; '.join(violations)}"


def _no_constant(name: str) -> float:
    raise ValueError(name)


def _serialization(message: str) -> Refusal:
    return Refusal("SerializationException", message)


def _converted(value: Any, shape: Shape) -> Any:
    converter = CONVERTERS.get(shape.type_name)
    if converter is None:
        raise _serialization(f"{shape.type_name} is not taken here")
    return converter(value, shape)


def _structure(value: Any, shape: StructureShape) -> Members:
    if not isinstance(value, dict):
        raise _unexpected(value, "structure")
    return {
        name: _converted(value[name], member)
        for name, member in shape.members.items()
        if value.get(name) is not None
    }


def _list(value: Any, shape: ListShape) -> list[Any]:
    if not isinstance(value, list):
        raise _unexpected(value, "list")
    return [_converted(item, shape.member) for item in value]


def _string(value: Any, _shape: Shape) -> str:
    if not isinstance(value, str):
        raise _unexpected(value, "string")
    return value


def _integer(value: Any, _shape: Shape) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise _unexpected(value, "integer")
    return value


def _float(value: Any, _shape: Shape) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _unexpected(value, "float")
    try:
        return float(value)
    except OverflowError as error:
        raise _unexpected(value, "float") from error


def _blob(value: Any, _shape: Shape) -> bytes:
    try:
        return base64.b64decode(_string(value, _shape), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _serialization("The value of a blob is not base64") from error


def _unexpected(value: Any, wanted: str) -> Refusal:
    return _serialization(f"{JSON_NAMES.get(type(value), 'A value')} can not be converted to {wanted}")


JSON_NAMES: Final = {
    str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE", bool: "TRUE_VALUE", list: "START_ARRAY",
    dict: "START_OBJECT", type(None): "NULL_VALUE",
}  # fmt: skip
CONVERTERS: Final[Mapping[str, Callable[[Any, Any], Any]]] = {
    "structure": _structure,
    "list": _list,
    "string": _string,
    "integer": _integer,
    "float": _float,
    "blob": _blob,
}


def _violations(value: Any, shape: Shape, path: str) -> Iterator[str]:
    for problem in _problems(value, shape):
        yield f"Value {_shown(value)} at '{path}' failed to satisfy constraint: {problem}"
    if isinstance(shape, StructureShape):
        yield from _member_violations(value, shape, path)
    elif isinstance(shape, ListShape):
        for place, item in enumerate(value, 1):
            yield from _violations(item, shape.member, f"{path}.{place}.member")


def _member_violations(value: Members, shape: StructureShape, path: str) -> Iterator[str]:
    for name in shape.required_members:
        if name not in value:
            where = _joined(path, name)
            yield f"Value null at '{where}' failed to satisfy constraint: Member must not be null"
    for name, member in value.items():
        yield from _violations(member, shape.members[name], _joined(path, name))


def _joined(path: str, name: str) -> str:
    camel = name[0].lower() + name[1:]
    return f"{path}.{camel}" if path else camel


def _shown(value: Any) -> str:
    if isinstance(value, bytes):
        return f"'java.nio.HeapByteBuffer[pos=0 lim={len(value)} cap={len(value)}]'"
    return f"'{value}'" if len(str(value)) <= 200 else f"'{str(value)[:200]}…'"


def _problems(value: Any, shape: Shape) -> Iterator[str]:
    """What a value violates of min, max, pattern and enum; min and max are lengths except for numbers."""
    number = isinstance(value, int | float)
    size = value if number else len(value)
    noun = "value" if number else "length"
    limits: Mapping[str, Any] = shape.metadata
    if "min" in limits and size < limits["min"]:
        yield f"Member must have {noun} greater than or equal to {limits['min']}"
    if "max" in limits and size > limits["max"]:
        yield f"Member must have {noun} less than or equal to {limits['max']}"
    if isinstance(shape, StringShape):
        yield from _word_problems(value, shape, limits)


def _word_problems(value: str, shape: StringShape, limits: Mapping[str, Any]) -> Iterator[str]:
    if "pattern" in limits and not re.fullmatch(limits["pattern"], value):
        yield f"Member must satisfy regular expression pattern: {limits['pattern']}"
    if shape.enum and value not in shape.enum:
        yield f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"
