"""The whole demo system as one thing that starts, answers and ends.

    orders ─┬─ Toxiproxy: payments  ─── payments
            ├─ Toxiproxy: orders-db ─── PostgreSQL
            └─ Toxiproxy: inventory ─── inventory

Toxiproxy and the proxies on it belong to the caller; everything else is a process started here.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
import tempfile
import threading
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from pathlib import Path

from loadtui.demo import dsn
from loadtui.demo.child import Child, Place
from loadtui.demo.claim import Claims
from loadtui.demo.environment import DSN, KEY, child_environment
from loadtui.demo.folder import Folder, sweep
from loadtui.demo.needs import check_needs
from loadtui.demo.ports import choose_ports
from loadtui.demo.postgres import embedded_dsn, find_programs, lay_out, supervised
from loadtui.demo.scenario import API_KEY
from loadtui.errors import SetupFailed
from loadtui.model.toxic import Proxy

Progress = Callable[[str, str], None]
"""Called with a part's name and its words; empty words: it is up."""

_WITHIN = 30.0
"""Seconds for one part: a busy machine with cold caches takes its time."""


class DemoSystem:
    """One demo: its ports, its processes, its data."""

    def __init__(
        self,
        *,
        work_dir: Path | None = None,
        port: int | None = None,
        postgres: str | None = None,
        resilience: bool = True,
        api_key: str = API_KEY,
    ) -> None:
        """Choose the ports; no process starts. Raises BadInput (port, DSN) or SetupFailed.

        `work_dir`: below it a folder is made, by default below the system's temporary one; when
        root runs the demo, user nobody must be able to reach it. `port`: the orders API's; None for
        the usual or a free one. `postgres`: the DSN of a server to use instead of the embedded one;
        the tables are made in a schema loadtui_demo, and stay there.
        """
        self._database = postgres
        address = dsn.address(postgres) if postgres else None
        # One place for everybody, wherever the folders are made.
        self._claims = Claims(Path(tempfile.gettempdir()))
        self.ports = choose_ports(self._claims.claim, orders=port)
        self._upstream = address or ("127.0.0.1", self.ports.database)
        self._parent = work_dir or Path(tempfile.gettempdir())
        self._resilience, self._api_key = resilience, api_key
        self._children: list[Child] = []
        self._folder: Folder | None = None
        self._lifeline: tuple[int, int] | None = None
        self._stopping = False

    @property
    def target(self) -> str:
        """The base URL of the orders API."""
        return f"http://127.0.0.1:{self.ports.orders}"

    @property
    def proxies(self) -> tuple[Proxy, ...]:
        """What must exist on Toxiproxy before the orders API starts; known from the beginning."""
        ports = self.ports
        return (
            _proxy("payments", ports.payments_proxy, ("127.0.0.1", ports.payments)),
            _proxy("orders-db", ports.database_proxy, self._upstream),
            _proxy("inventory", ports.inventory_proxy, ("127.0.0.1", ports.inventory)),
        )

    async def start(self, progress: Progress, proxies_ready: Awaitable[object]) -> None:
        """Start every part, the orders API after `proxies_ready`; ends when it answers /health.

        Raises SetupFailed with one clear line; then nothing is left running.
        """
        ready = asyncio.ensure_future(proxies_ready)
        try:
            check_needs()
            place = await self._prepare()
            await _together(
                self._serve(place, "payments", self.ports.payments, progress),
                self._serve(place, "inventory", self.ports.inventory, progress),
                self._serve_database(place, progress),
            )
            await ready
            await self._serve_orders(place, progress)
        except BaseException:
            ready.cancel()
            await self.stop()
            raise

    async def _prepare(self) -> Place:
        await asyncio.to_thread(sweep, self._parent)
        self._folder = Folder(self._parent)
        self._lifeline = os.pipe()
        environment = child_environment(os.environ, own_database=self._database is None)
        return Place(self._folder.path, self._lifeline[0], environment)

    async def _serve_database(self, place: Place, progress: Progress) -> None:
        if self._database is not None:
            return
        progress("postgres", "starting…")
        root, port = os.geteuid() == 0, self.ports.database
        server = await asyncio.to_thread(lay_out, place.folder, find_programs(), port, root=root)
        maker = await self._spawn("initdb", supervised(server.initdb(), place.lifeline), place)
        if await maker.wait() != 0:
            raise SetupFailed(maker.obituary())
        self._children.remove(maker)
        child = await self._spawn("postgres", supervised(server.serve(), place.lifeline), place)
        await child.accepts(port, _WITHIN)
        progress("postgres", "")

    async def _serve_orders(self, place: Place, progress: Progress) -> None:
        ports = self.ports
        through = ports.database_proxy
        secrets = {
            KEY: self._api_key,
            DSN: dsn.through(self._database, through) if self._database else embedded_dsn(through),
        }
        ways = [
            f"--payments=http://127.0.0.1:{ports.payments_proxy}",
            f"--inventory=http://127.0.0.1:{ports.inventory_proxy}",
        ]
        if not self._resilience:
            ways.append("--no-resilience")
        place = dataclasses.replace(place, environment={**place.environment, **secrets})
        await self._serve(place, "orders", ports.orders, progress, *ways)

    async def _serve(
        self, place: Place, name: str, port: int, progress: Progress, *ways: str
    ) -> None:
        progress(name, "starting…")
        words = ["loadtui.demo", name, f"--port={port}", f"--lifeline={place.lifeline}", *ways]
        if threading.current_thread() is threading.main_thread():
            # Linux sends the death signal when the thread that started a process ends.
            words.append(f"--die-with={os.getpid()}")
        child = await self._spawn(name, words, place)
        await child.answers(port, _WITHIN)
        progress(name, "")

    async def _spawn(self, name: str, words: Sequence[str], place: Place) -> Child:
        if self._stopping:
            raise SetupFailed("the demo was stopped while it was starting")
        child = await Child.start(name, words, place)
        self._children.append(child)
        return child

    async def ended(self) -> str:
        """Wait until a part has ended and say which and how; it is nobody's wish before `stop`."""
        waits = {asyncio.ensure_future(child.wait()): child for child in self._children}
        try:
            done, _ = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        return waits[done.pop()].obituary()

    async def stop(self) -> None:
        """End every part, wait until it is gone, remove the data. May be called at any time, twice
        and again after it was interrupted; never raises.
        """
        self._stopping = True
        while self._children:
            ending = tuple(self._children)
            await asyncio.gather(*(child.end() for child in ending))
            self._children = [child for child in self._children if child not in ending]
        if self._lifeline is not None:
            for end in self._lifeline:
                os.close(end)
            self._lifeline = None
        if self._folder is not None:
            await asyncio.to_thread(self._folder.remove)
        self._claims.release()


def _proxy(name: str, listen: int, upstream: tuple[str, int]) -> Proxy:
    return Proxy(name, f"127.0.0.1:{listen}", dsn.join(*upstream))


async def _together(*parts: Coroutine[None, None, None]) -> None:
    """Run all; the first to fail stops the rest, and its own error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for part in parts:
                group.create_task(part)
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
