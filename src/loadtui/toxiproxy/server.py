"""The embedded server as a process: the control API, until it is told to stop."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import uvicorn

from loadtui.errors import SetupFailed
from loadtui.lifeline import watch
from loadtui.open_files import allow_open_files
from loadtui.toxiproxy.address import HIGHEST, Address, BadAddress, is_loopback
from loadtui.toxiproxy.admin.answers import VERSION
from loadtui.toxiproxy.admin.app import application
from loadtui.toxiproxy.admin.hearing import Hearing
from loadtui.toxiproxy.collection import Collection
from loadtui.toxiproxy.config import load
from loadtui.toxiproxy.log import say, set_up
from loadtui.toxiproxy.names import addresses
from loadtui.toxiproxy.settings import Settings

HOST, PORT = "127.0.0.1", 8474
_KEEP_ALIVE = 60
_GRACE = 1
_FILES = 1 << 20
"""Open files that are asked for: all there may be, as every program in Go does."""
_TURN = 0.0005
"""Seconds that a thread which reads a long body may keep the loop waiting."""


class Place(msgspec.Struct, frozen=True):
    """Where the control API listens, what is made at the start, and the pipe whose end is ours."""

    host: str = HOST
    port: int = PORT
    config: Path | None = None
    lifeline: int | None = None


def serve(place: Place, settings: Settings) -> None:
    """Run until SIGTERM, SIGINT or the end of the lifeline. Raises SetupFailed, before anything
    listens.
    """
    set_up(os.environ.get("LOG_LEVEL", ""))
    allow_open_files(_FILES)
    sys.setswitchinterval(_TURN)
    # Not uvloop: it answers a socket's error with EBADF and lets go of it, so a reset is missed.
    with suppress(KeyboardInterrupt), asyncio.Runner() as runner:
        runner.run(_serve(place, settings))


async def _serve(place: Place, settings: Settings) -> None:
    listening = await _bind(place)
    say(logging.INFO, "Starting Toxiproxy", version=VERSION, server="loadtui")
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    if place.lifeline is not None:
        watch(place.lifeline)
    gc.freeze()  # what was imported stays: no collection has to look at it
    collection = Collection(settings)
    if place.config is not None:
        await load(collection, place.config)
    host, port = listening.getsockname()[:2]
    say(logging.INFO, "Starting Toxiproxy HTTP server", address=Address(host, port))
    if not is_loopback(host):
        say(logging.WARNING, "Other machines can steer this server", address=Address(host, port))
    await _answer(collection, listening, stop)
    say(logging.INFO, "Shutdown started")
    collection.close()


async def _answer(collection: Collection, listening: socket.socket, stop: asyncio.Event) -> None:
    config = uvicorn.Config(
        application(collection),
        http=Hearing,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=_KEEP_ALIVE,
        timeout_graceful_shutdown=_GRACE,
    )
    server = _Quiet(config)
    serving = asyncio.create_task(server.serve([listening]))
    waiting = asyncio.create_task(stop.wait())
    await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
    server.should_exit = True
    waiting.cancel()
    await serving


class _Quiet(uvicorn.Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to us."""
        yield


async def _bind(place: Place) -> socket.socket:
    wanted = Address(place.host or "::", place.port)
    try:
        if not 0 <= wanted.port <= HIGHEST:
            raise BadAddress(f"ports end at {HIGHEST}")
        return _listen((await addresses(wanted.host, wanted.port))[0])
    except (OSError, BadAddress) as error:
        where = Address(place.host, place.port)
        why = _why(error) if isinstance(error, OSError) else error
        raise SetupFailed(
            f"the control API cannot listen on {where}: {why}",
            hint="give another --port or --host",
        ) from None


def _why(error: OSError) -> str:
    number = error.errno or 0
    return os.strerror(number) if number > 0 else "no such network interface"  # fe80::1%eth7


def _listen(address: Address) -> socket.socket:
    both = address.host == "::" and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    return socket.create_server(tuple(address), family=family, dualstack_ipv6=both)
