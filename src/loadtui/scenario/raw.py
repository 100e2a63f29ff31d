"""A filled document as rules see it, who skip what they cannot read: its shape may be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from loadtui.errors import BadInput
from loadtui.model.text import Text
from loadtui.scenario.fields import template
from loadtui.scenario.place import Path, mapping, sequence

SENT = ("url", "headers", "cookies", "json", "body", "form")
"""Where a request may hold values that are fresh each time."""


def as_text(value: object) -> Text | None:
    """The value as text, None where the schema will refuse it."""
    try:
        return template(value)
    except BadInput:
        return None


def requests(root: object) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Path and mapping of each request."""
    for index, request in enumerate(sequence(mapping(root).get("requests"))):
        if isinstance(request, dict):
            yield ("requests", index), request


def leaves(value: object, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every scalar below a value, with its path."""
    match value:
        case dict():
            for key, each in value.items():
                yield from leaves(each, (*path, key))
        case list():
            for index, each in enumerate(value):
                yield from leaves(each, (*path, index))
        case _:
            yield path, value


def name_of(request: Mapping[str, Any]) -> str:
    """The name of a request: its own, else method and path template."""
    name = request.get("name")
    if isinstance(name, str) and name.strip():
        return name.strip()
    url = as_text(request.get("url"))
    method = request.get("method", "GET")
    shown = template_of(url) if url is not None else ""
    return f"{method.upper() if isinstance(method, str) else 'GET'} {shown}"


def template_of(url: Text) -> str:
    """A URL's path as a template: `/api/orders/${order_id}`, without host and query."""
    parts = (
        part if isinstance(part, str) else f"${{{part.name or part.kind}}}" for part in url.parts
    )
    whole = "".join(parts)
    _, scheme, rest = whole.partition("://")
    path = whole if not scheme else "/" + rest.partition("/")[2]
    return path.partition("?")[0] or "/"


def declared_metrics(root: object) -> dict[str, Path]:
    """Custom metrics and where each is declared, `metrics:` first."""
    found: dict[str, Path] = {
        name: ("metrics", name) for name in mapping(mapping(root).get("metrics"))
    }
    for path, request in requests(root):
        for name in mapping(request.get("count")):
            found.setdefault(name, (*path, "count", name))
    return found
