"""The inventory service: reserves an order's items in about 5 ms."""

from __future__ import annotations

import asyncio
import random

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from loadtui.demo.health import health


def inventory_app(seed: int = 2) -> Starlette:
    """The application; `seed` chooses the jitter of its answers."""
    dice = random.Random(seed)

    async def reserve(request: Request) -> Response:
        await request.body()
        await asyncio.sleep(dice.uniform(0.003, 0.007))
        return JSONResponse({"status": "reserved"}, 201)

    return Starlette(routes=[Route("/reservations", reserve, methods=["POST"]), health])
