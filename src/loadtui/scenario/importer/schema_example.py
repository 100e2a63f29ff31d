"""An example of a value that a JSON Schema describes (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

DEEPEST = 8
"""Levels of an example; a schema that names itself has no end."""

Resolve = Callable[[object], Mapping[str, Any]]
"""A mapping with its `$ref` followed; anything else is an empty one."""

_FORMATS = {
    "uuid": "${uuid}", "date-time": "${now}", "date": "2026-01-01", "email": "user@example.com",
    "uri": "http://example.com/", "ipv4": "192.0.2.1", "hostname": "example.com", "byte": "YQ==",
}  # fmt: skip


def example_of(schema: object, resolve: Resolve, depth: int = 0) -> Any:  # noqa: ANN401
    """The example that the schema gives, else one made of its types; None where it says nothing."""
    part = resolve(schema)
    if depth > DEEPEST or not part:
        return None
    given = _given(part)
    if given is not None:
        return given
    for key in ("oneOf", "anyOf"):
        if isinstance(choices := part.get(key), list) and choices:
            return example_of(choices[0], resolve, depth + 1)
    if isinstance(part.get("allOf"), list) or "properties" in part:
        return _object(part, resolve, depth)
    return _plain(part, resolve, depth)


def _given(part: Mapping[str, Any]) -> Any:  # noqa: ANN401
    for key in ("example", "const", "default"):
        if part.get(key) is not None:
            return part[key]
    for key in ("examples", "enum"):
        if isinstance(listed := part.get(key), list) and listed:
            return listed[0]
    return None


def _object(part: Mapping[str, Any], resolve: Resolve, depth: int) -> dict[str, Any]:
    """Required properties, all where none is; those of `allOf` come first."""
    out: dict[str, Any] = {}
    parents = part.get("allOf")
    for parent in parents if isinstance(parents, list) else ():
        inside = example_of(parent, resolve, depth + 1)
        out |= inside if isinstance(inside, dict) else {}
    properties = part.get("properties")
    required = part.get("required")
    wanted = {str(each) for each in required} if isinstance(required, list) else set()
    for name, each in properties.items() if isinstance(properties, dict) else ():
        if (not wanted or name in wanted) and not resolve(each).get("readOnly"):
            out[str(name)] = example_of(each, resolve, depth + 1)
    return out


def _plain(part: Mapping[str, Any], resolve: Resolve, depth: int) -> Any:  # noqa: ANN401
    kind = part.get("type")
    kind = next((each for each in kind if each != "null"), None) if isinstance(kind, list) else kind
    match kind:
        case "integer" | "number":
            low = part.get("minimum")
            return low if isinstance(low, int | float) else 1
        case "boolean":
            return True
        case "array":
            return [example_of(part.get("items"), resolve, depth + 1)]
        case "object":
            return {}
        case "string":
            return _string(part)
        case _:
            return None


def _string(part: Mapping[str, Any]) -> str:
    text = _FORMATS.get(str(part.get("format")), "text")
    shortest, longest = part.get("minLength"), part.get("maxLength")
    if isinstance(shortest, int) and text == "text":
        text = text.ljust(min(shortest, 1000), "x")
    return text[:longest] if isinstance(longest, int) and text.startswith("text") else text
