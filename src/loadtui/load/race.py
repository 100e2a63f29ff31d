"""Several addresses of one host dialled so that a dead one costs little (RFC 8305, 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

Dial = Callable[[str], Awaitable[asyncio.Transport]]
"""Opens a TCP connection to a literal address; raises OSError."""

HEAD_START = 0.25
"""Seconds an address has to itself before the next one is tried beside it."""

_Attempt = asyncio.Task[tuple[str, asyncio.Transport] | OSError]


async def first_to_connect(addresses: Sequence[str], dial: Dial) -> tuple[str, asyncio.Transport]:
    """Return the address that connected first, tried in order, and its transport.

    Raises the most telling OSError when none does: that of a host that answered, if there is one.
    """
    if len(addresses) == 1:
        return addresses[0], await dial(addresses[0])
    waiting, errors = list(addresses), list[OSError]()
    running: set[_Attempt] = set()
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.create_task(_attempt(waiting.pop(0), dial)))
            done, _ = await asyncio.wait(
                running,
                timeout=HEAD_START if waiting else None,
                return_when=asyncio.FIRST_COMPLETED,
            )
            for each in done:
                running.discard(each)
                outcome = each.result()
                if isinstance(outcome, tuple):
                    running |= done - {each}
                    return outcome
                errors.append(outcome)
    finally:
        for each in running:
            each.cancel()
            each.add_done_callback(_drop)
    raise min(errors, key=lambda error: not isinstance(error, ConnectionError))


async def _attempt(address: str, dial: Dial) -> tuple[str, asyncio.Transport] | OSError:
    try:
        return address, await dial(address)
    except OSError as error:
        return error


def _drop(attempt: _Attempt) -> None:
    outcome = None if attempt.cancelled() else attempt.result()
    if isinstance(outcome, tuple):
        outcome[1].abort()
