"""A filled document as rules see it, who skip what they cannot read: its shape may be wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
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


Placed = tuple[Path, Mapping[str, Any]]
"""A request and where it stands."""


def lists(root: object) -> Iterator[list[Placed]]:
    """The requests of each iteration that the file lists."""
    whole = mapping(root)
    places: list[tuple[Path, object]] = [(("requests",), whole.get("requests"))]
    journeys = mapping(whole.get("journeys"))
    places += [(("journeys", name), each) for name, each in journeys.items()]
    for place, each in places:
        listed = enumerate(sequence(each))
        yield [((*place, index), request) for index, request in listed if isinstance(request, dict)]


def requests(root: object) -> Iterator[Placed]:
    """Path and mapping of each request."""
    return chain.from_iterable(lists(root))


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
