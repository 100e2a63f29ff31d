"""Orders and products in PostgreSQL, through a pool of ten connections that drops dead ones."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any

import asyncpg
import msgspec

from loadtui.demo import schema
from loadtui.demo.order import Order, Placed
from loadtui.errors import SetupFailed

_CONNECTIONS = 10
# Not resilience but hygiene: without them a connection that died in a black hole is found dead
# only minutes after it, and the pool's recovery would be taken for the system's.
_ACQUIRE, _COMMAND = 1.0, 2.0
_START, _PAUSE = 20.0, 0.1
_FAILURES = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
_Pool = Any
"""asyncpg publishes no types."""


class Trouble(msgspec.Struct, frozen=True):
    """Why the database gave no answer, in words and as an HTTP status."""

    text: str
    status: int = 503


class Store:
    """The pool and the statements."""

    def __init__(self, dsn: str) -> None:
        """Prepare; nothing connects before `open`."""
        self._dsn = dsn
        # Its tracebacks of lost connections would fill the log while a fault is on.
        logging.getLogger("asyncpg").setLevel(logging.CRITICAL)

    async def open(self) -> None:
        """Connect, and create what is missing; raises SetupFailed after 20 s without success."""
        until = time.monotonic() + _START
        while True:
            try:
                self._pool = await self._connected()
                return
            except _FAILURES as error:
                if time.monotonic() > until:
                    raise SetupFailed(f"the database cannot be used: {_words(error)}") from None
            await asyncio.sleep(_PAUSE)

    async def _connected(self) -> _Pool:
        pool: _Pool = await asyncpg.create_pool(
            self._dsn,
            # Whoever asks for TLS in the DSN gets it; everybody else saves a round trip.
            ssl=None if "sslmode=" in self._dsn else False,
            min_size=_CONNECTIONS,
            max_size=_CONNECTIONS,
            max_inactive_connection_lifetime=0,
            timeout=_ACQUIRE,
            command_timeout=_COMMAND,
            reset=_keep,
        )
        try:
            await pool.execute(schema.SETUP)
        except _FAILURES:
            pool.terminate()
            raise
        return pool

    async def insert(self, order: Order, placed: Placed) -> Trouble | None:
        """Keep an order."""
        items = msgspec.json.encode(order.items).decode()
        values = placed.id, order.customer_id, items, placed.total, placed.payment_id
        answer = await self._value(schema.INSERT, *values)
        return answer if isinstance(answer, Trouble) else None

    async def order(self, id_: str) -> str | Trouble | None:
        """An order as JSON, None when there is none of that id."""
        if "\0" in id_:  # which PostgreSQL would not even read
            return None
        return await self._value(schema.READ, id_)

    async def products(self) -> str | Trouble | None:
        """All products as JSON."""
        return await self._value(schema.PRODUCTS)

    async def _value(self, statement: str, *values: object) -> str | Trouble | None:
        """The first value of the first row, None without one."""
        try:
            connection = await self._pool.acquire(timeout=_ACQUIRE)
        except TimeoutError:
            return Trouble(f"no connection to the database within {_ACQUIRE:g} s")
        except _FAILURES as error:
            return Trouble(f"the database cannot be reached: {_words(error)}")
        try:
            found: str | None = await connection.fetchval(statement, *values)
            return found
        except TimeoutError:
            connection.terminate()  # nothing may wait for an answer that did not come
            return Trouble(f"no answer from the database within {_COMMAND:g} s", 504)
        except _FAILURES as error:
            return Trouble(f"the database failed: {_words(error)}")
        finally:
            await self._pool.release(connection)

    def pool(self) -> dict[str, int]:
        """How many connections there are, at most, and in use."""
        size: int = self._pool.get_size()
        return {"size": size, "max": _CONNECTIONS, "inUse": size - self._pool.get_idle_size()}

    def close(self) -> None:
        """Drop every connection."""
        self._pool.terminate()


def _words(error: BaseException) -> str:
    return str(error) or type(error).__name__


async def _keep(_: object) -> None:
    """Leave a released connection as it is: its default reset costs a round trip."""
