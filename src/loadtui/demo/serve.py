"""The demo system alone, without a screen: `loadtui demo --serve`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

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

    Raises SetupFailed when it cannot start, or a part ends by itself.
    """
    wanted = asyncio.ensure_future(until)
    running = asyncio.ensure_future(_run(system, proxies_ready, say))
    try:
        await asyncio.wait((wanted, running), return_when=asyncio.FIRST_COMPLETED)
        if not wanted.done():
            running.result()
        return ExitCode.OK
    finally:
        wanted.cancel()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await system.stop()


async def _run(
    system: DemoSystem, proxies_ready: Awaitable[object], say: Callable[[str], None]
) -> NoReturn:
    await system.start(lambda _part, _words: None, proxies_ready)
    say(ready_line(system))
    raise SetupFailed(await system.ended())
