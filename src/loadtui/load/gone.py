"""What a lost connection is left with: a transport and a parser that do nothing (pure)."""

from __future__ import annotations

import asyncio

from httptools import HttpResponseParser


class _Gone(asyncio.Transport):
    def abort(self) -> None:
        pass

    close = abort


NO_PARSER = HttpResponseParser(object())
NO_TRANSPORT = _Gone()
