"""The demo system alone, without a screen: `loadtui demo --serve`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from loadtui.demo.system import DemoSystem
from loadtui.errors import ExitCode, SetupFailed


def ready_line(system: DemoSystem) -> str:
    """One line: where the system answers and what its proxies stand in front of."""
    routes = " · ".join(f"{p.name} {p.listen} → {p.upstream}" for p in system.proxies)
    return f"ready: {system.target} · {routes}"


async def serve(
    system: DemoSystem,
    proxies_ready: Awaitable[object],
    until: Awaitable[object],
    say: Callable[[str], None],
) -> ExitCode:
    """Start the system, `say` one line when it is ready, and stop it after `until`.

    Raises SetupFailed when it cannot start, and when a part ends before that.
    """
    await system.start(lambda _part, _words: None, proxies_ready)
    say(ready_line(system))
    wanted, lost = asyncio.ensure_future(until), asyncio.ensure_future(system.ended())
    try:
        await asyncio.wait((wanted, lost), return_when=asyncio.FIRST_COMPLETED)
        if not wanted.done():
            raise SetupFailed(lost.result())
        return ExitCode.OK
    finally:
        wanted.cancel()
        lost.cancel()
        await system.stop()
