"""The orders API: charges payments, reserves inventory, keeps orders in PostgreSQL."""

from __future__ import annotations

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from loadtui.demo.front import App, Front
from loadtui.demo.neighbour import Neighbour, Outcome
from loadtui.demo.order import Order, Placed, read_order
from loadtui.demo.policy import STATUS, inventory_policy, payments_policy
from loadtui.demo.route import Counts
from loadtui.demo.store import Store, Trouble
from loadtui.errors import BadInput


class Orders:
    """The API's handlers and what they stand on."""

    def __init__(self, payments: Neighbour, inventory: Neighbour, store: Store) -> None:
        """Serve from these."""
        self._payments, self._inventory, self._store = payments, inventory, store
        self._counts = Counts()

    async def create(self, request: Request) -> Response:
        """POST /api/orders: charge, reserve, insert; 201 with the order's id."""
        try:
            order = read_order(await request.body())
        except BadInput as error:
            return _error(400, error.what)
        id_ = uuid.uuid4().hex
        charge = await self._payments.post(_json({"id": id_, "amount": order.total}))
        if charge.failure is not None:
            return _failure("payments", charge)
        reserved = await self._inventory.post(_json(order.quantities))
        if reserved.failure is not None:
            return _failure("inventory", reserved)
        return await self._insert(order, id_, charge)

    async def _insert(self, order: Order, id_: str, charge: Outcome) -> Response:
        placed = Placed(id_, order.total, msgspec.json.decode(charge.body)["id"])
        trouble = await self._store.insert(order, placed)
        return _error(trouble.status, trouble.text) if trouble else _answer(201, _json(placed))

    async def read(self, request: Request) -> Response:
        """GET /api/orders/{id}."""
        return _found(await self._store.order(request.path_params["id"]))

    async def products(self, _: Request) -> Response:
        """GET /api/products."""
        return _found(await self._store.products())

    async def health(self, _: Request) -> Response:
        """GET /health: this process, its pool, its breaker, and its own count of answers."""
        breaker = self._payments.breaker
        report = {
            "status": "ok",
            "pid": os.getpid(),
            "pool": self._store.pool(),
            "breaker": msgspec.structs.asdict(breaker) if breaker else None,
            "payments": {"retries": self._payments.retries, "timeouts": self._payments.timeouts},
            "requests": self._counts.by_route(),
        }
        return _answer(200, _json(report))

    def app(self, api_key: str) -> App:
        """The application that answers callers who know the key."""
        routes = [
            Route("/api/orders", self.create, methods=["POST"]),
            Route("/api/orders/{id}", self.read),
            Route("/api/products", self.products),
            Route("/health", self.health),
        ]
        starlette = Starlette(routes=routes, lifespan=self._lifespan)
        return Front(starlette, api_key, self._counts)

    @asynccontextmanager
    async def _lifespan(self, _: Starlette) -> AsyncIterator[None]:
        yield
        await self._payments.aclose()
        await self._inventory.aclose()
        self._store.close()


_json = msgspec.json.encode


def _answer(status: int, body: bytes | str, headers: dict[str, str] | None = None) -> Response:
    return Response(body, status, headers, "application/json")


def _error(status: int, text: str, headers: dict[str, str] | None = None) -> Response:
    return _answer(status, _json({"error": text}), headers)


def _found(answer: str | Trouble | None) -> Response:
    if isinstance(answer, Trouble):
        return _error(answer.status, answer.text)
    return _error(404, "there is no such order") if answer is None else _answer(200, answer)


def _failure(neighbour: str, outcome: Outcome) -> Response:
    assert outcome.failure is not None  # noqa: S101 - callers looked
    words = {
        "timeout": f"{neighbour} did not answer in time",
        "unreachable": f"{neighbour} cannot be reached",
        "answer": f"{neighbour} failed",
        "refused": f"{neighbour} is not asked for now: the circuit breaker is open",
    }
    # Whole seconds, rounded up: the header knows no others.
    after = {"retry-after": str(-int(-outcome.wait // 1))} if outcome.failure == "refused" else None
    return _error(STATUS[outcome.failure], words[outcome.failure], after)


async def connect_orders(payments: str, inventory: str, dsn: str, *, resilience: bool) -> Orders:
    """The API on neighbours at these base URLs and a database that is there; raises SetupFailed."""
    store = Store(dsn)
    await store.open()
    return Orders(
        Neighbour(f"{payments}/charges", payments_policy(resilience=resilience)),
        Neighbour(f"{inventory}/reservations", inventory_policy(resilience=resilience)),
        store,
    )
