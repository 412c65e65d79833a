"""What ninja leaves out of the OpenAPI document: every call may refuse, and a refusal has a media type of its own."""

from typing import Any, Final

from ninja.openapi.schema import OpenAPISchema

_CONTENT: Final = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def completed(document: OpenAPISchema) -> OpenAPISchema:
    """The document, changed in place."""
    calls: list[dict[str, Any]] = [call for path in document["paths"].values() for call in path.values()]
    for call in calls:
        for status, answer in call["responses"].items():
            if int(status) >= 400:
                answer["content"] = _CONTENT
        call["responses"]["default"] = {"description": "Any other refusal", "content": _CONTENT}
    return document
