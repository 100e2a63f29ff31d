"""The route by which a small service says that it is up, and which process it is."""

from __future__ import annotations

import os

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route


async def _answer(_: Request) -> Response:
    return JSONResponse({"status": "ok", "pid": os.getpid()})


health = Route("/health", _answer)
