from __future__ import annotations

import pytest

from loadtui.demo.route import Counts, route_of


@pytest.mark.parametrize(
    ("method", "path", "route"),
    [
        ("POST", "/api/orders", "POST /api/orders"),
        ("GET", "/api/orders/abc", "GET /api/orders/{id}"),
        ("GET", "/api/products", "GET /api/products"),
        ("GET", "/health", "GET /health"),
        ("GET", "/api/orders", "other"),
        ("GET", "/api/orders/", "other"),
        ("GET", "/api/orders/a/b", "other"),
        ("DELETE", "/api/orders/abc", "other"),
        ("GET", "/", "other"),
    ],
)
def test_a_request_belongs_to_a_route(method: str, path: str, route: str) -> None:
    assert route_of(method, path) == route


def test_answers_are_counted_by_route_and_status() -> None:
    counts = Counts()
    for route, status in [("GET b", 200), ("GET a", 503), ("GET b", 404), ("GET b", 200)]:
        counts.add(route, status)
    assert counts.by_route() == {"GET a": {"503": 1}, "GET b": {"200": 2, "404": 1}}
