"""The payments service: charges an order in about 15 ms."""

from __future__ import annotations

import asyncio
import random

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from loadtui.demo.health import health


class _Charge(msgspec.Struct):
    id: str
    amount: int


def payments_app(seed: int = 1) -> Starlette:
    """The application; `seed` chooses the jitter of its answers."""
    dice = random.Random(seed)

    async def charge(request: Request) -> Response:
        try:
            wanted = msgspec.json.decode(await request.body(), type=_Charge)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            return JSONResponse({"error": str(error)}, 400)
        await asyncio.sleep(dice.uniform(0.010, 0.020))
        # The id follows from the order's: a second try for the same order is the same charge.
        return JSONResponse(
            {"id": f"pay-{wanted.id}", "amount": wanted.amount, "status": "charged"}, 201
        )

    return Starlette(routes=[Route("/charges", charge, methods=["POST"]), health])
