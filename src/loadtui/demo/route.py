"""The orders API's routes, and its own count of what it answered."""

from __future__ import annotations

from collections import Counter

CREATE = "POST /api/orders"
READ = "GET /api/orders/{id}"
PRODUCTS = "GET /api/products"
HEALTH = "GET /health"
OTHER = "other"

_EXACT = {
    ("POST", "/api/orders"): CREATE,
    ("GET", "/api/products"): PRODUCTS,
    ("GET", "/health"): HEALTH,
}
_ORDER = "/api/orders/"


def route_of(method: str, path: str) -> str:
    """The route that answers `method path`; `other` for what nothing answers."""
    known = _EXACT.get((method, path))
    if known is not None:
        return known
    of_one_order = path.startswith(_ORDER) and path.find("/", len(_ORDER)) < 0
    return READ if method == "GET" and of_one_order and path != _ORDER else OTHER


class Counts:
    """Answers by route and status since the start."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._answers: Counter[tuple[str, int]] = Counter()

    def add(self, route: str, status: int) -> None:
        """Count one answer."""
        self._answers[route, status] += 1

    def by_route(self) -> dict[str, dict[str, int]]:
        """Route → status → answers, in the order of their names."""
        table: dict[str, dict[str, int]] = {}
        for (route, status), answers in sorted(self._answers.items()):
            table.setdefault(route, {})[str(status)] = answers
        return table
