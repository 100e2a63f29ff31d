"""`loadtui demo --serve`: the demo system alone, with a Toxiproxy of its own, until SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import time

import click

from loadtui.chaos.control import Control
from loadtui.cli.places import state_dir
from loadtui.demo.serve import serve
from loadtui.demo.system import DemoSystem
from loadtui.errors import SetupFailed
from loadtui.model.ledger import Change


def serve_alone(system: DemoSystem, *, toxiproxy: str | None) -> int:
    """Run until SIGTERM or Ctrl-C; nothing is left behind. Raises SetupFailed with one line."""
    return asyncio.run(_serve(system, toxiproxy or ""))


async def _serve(system: DemoSystem, toxiproxy: str) -> int:
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    control = Control(state_dir=state_dir(), now=time.time)
    try:
        await control.start(toxiproxy, own=not toxiproxy)
        beats = asyncio.create_task(_beat(control))
        ready = asyncio.create_task(_make_proxies(control, system))
        code = await serve(system, ready, ended.wait(), lambda line: _say(line, control.url))
        beats.cancel()
        return code
    finally:
        await control.close()


def _say(line: str, url: str) -> None:
    click.echo(f"{line} · toxiproxy {url}")


async def _beat(control: Control) -> None:
    while True:
        control.heartbeat()
        await asyncio.sleep(1.0)


async def _make_proxies(control: Control, system: DemoSystem) -> None:
    for proxy in system.proxies:
        done = await control.apply(Change(proxy.name, "proxy", "", None, proxy), None)
        if done.error:
            raise SetupFailed(f"proxy {proxy.name} could not be made: {done.error}")
