"""One service of the demo as a process: `python -m loadtui.demo SERVICE --port N --lifeline FD`.

SERVICE is payments, inventory or orders. The orders API takes its key and its database's DSN from
the environment, since `ps` shows the command line to everybody.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import sys
from collections.abc import Sequence

import uvicorn
import uvloop

from loadtui.demo.environment import DSN, KEY
from loadtui.demo.front import App
from loadtui.errors import SetupFailed
from loadtui.lifeline import die_with, name_process, watch


def main(arguments: Sequence[str]) -> int:
    """Serve until SIGTERM or the end of the lifeline."""
    options = _options(arguments)
    if options.die_with:
        die_with(options.die_with)
    watch(options.lifeline)
    name_process(f"demo-{options.service}")
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_serve(options))
    except SetupFailed as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    return 0


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="loadtui.demo", allow_abbrev=False)
    parser.add_argument("service", choices=("payments", "inventory", "orders"))
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--lifeline", type=int, required=True, metavar="FD")
    parser.add_argument("--die-with", type=int, metavar="PID")
    parser.add_argument("--payments", default="http://127.0.0.1:21001", metavar="URL")
    parser.add_argument("--inventory", default="http://127.0.0.1:21003", metavar="URL")
    parser.add_argument("--no-resilience", dest="resilience", action="store_false")
    return parser.parse_args(arguments)


def _config(app: App, port: int) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host="127.0.0.1",
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        ws="none",
        timeout_keep_alive=75,  # longer than any caller keeps an idle connection
        timeout_graceful_shutdown=1,
    )


async def _serve(options: argparse.Namespace) -> None:
    await uvicorn.Server(_config(await _app(options), options.port)).serve()


async def _app(options: argparse.Namespace) -> App:
    """Load what this service needs, and nothing of the others."""
    if options.service == "payments":
        from loadtui.demo.payments import payments_app  # noqa: PLC0415

        return payments_app()
    if options.service == "inventory":
        from loadtui.demo.inventory import inventory_app  # noqa: PLC0415

        return inventory_app()
    _remember_absence("sniffio")
    from loadtui.demo.orders import connect_orders  # noqa: PLC0415

    urls = options.payments, options.inventory
    orders = await connect_orders(*urls, os.environ[DSN], resilience=options.resilience)
    return orders.app(os.environ[KEY])


def _remember_absence(module: str) -> None:
    """Let imports of a module that is not installed fail at once.

    httpcore tries this one four times a request, and a failed search of the path is not cached:
    a fifth of the CPU of every call to a neighbour.
    """
    if importlib.util.find_spec(module) is None:
        sys.modules[module] = None  # type: ignore[assignment]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
