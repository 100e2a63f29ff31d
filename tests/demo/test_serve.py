from __future__ import annotations

import asyncio
import os
import re
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from loadtui.demo.serve import ready_line, serve
from loadtui.demo.system import DemoSystem
from loadtui.errors import ExitCode, SetupFailed
from tests.demo.running import create_proxies
from tests.support.toxiproxy_server import real_server


@pytest.fixture
def system(open_path: Path) -> Iterator[DemoSystem]:
    with real_server() as server:
        it = DemoSystem(work_dir=open_path)
        create_proxies(it, server)
        yield it


async def ready() -> None:
    pass


async def test_the_ready_line_says_where_everything_is() -> None:
    system = DemoSystem(postgres="postgresql://me:secret@db.local/shop")
    assert re.fullmatch(
        r"ready: http://127\.0\.0\.1:\d+ · payments 127\.0\.0\.1:21\d\d1 → 127\.0\.0\.1:22\d\d1"
        r" · orders-db 127\.0\.0\.1:21\d\d2 → db\.local:5432"
        r" · inventory 127\.0\.0\.1:21\d\d3 → 127\.0\.0\.1:22\d\d3",
        ready_line(system),
    )
    await system.stop()


async def test_it_answers_after_one_line_until_it_is_told_to_end(system: DemoSystem) -> None:
    said = asyncio.Queue[str]()
    until = asyncio.Event()
    serving = asyncio.create_task(serve(system, ready(), until.wait(), said.put_nowait))
    assert await asyncio.wait_for(said.get(), 30) == ready_line(system)
    async with httpx.AsyncClient(trust_env=False) as caller:
        assert (await caller.get(f"{system.target}/health")).status_code == 200
        until.set()
        assert await serving == ExitCode.OK
        with pytest.raises(httpx.ConnectError):
            await caller.get(f"{system.target}/health")
    assert said.empty()


async def test_it_can_be_told_to_end_while_it_starts(system: DemoSystem) -> None:
    until, said = asyncio.Event(), list[str]()

    async def never_ready() -> None:
        until.set()
        await asyncio.Event().wait()

    serving = serve(system, never_ready(), until.wait(), said.append)
    assert await asyncio.wait_for(serving, 30) == ExitCode.OK
    assert not system._children
    assert not said


async def test_a_part_that_dies_ends_it_with_that_parts_name(
    system: DemoSystem, open_path: Path
) -> None:
    def kill_payments(_: str) -> None:
        (payments,) = (child for child in system._children if child.name == "payments")
        os.kill(payments.pid, signal.SIGKILL)

    with pytest.raises(SetupFailed, match=r"^payments was ended by SIGKILL"):
        await asyncio.wait_for(serve(system, ready(), asyncio.Event().wait(), kill_payments), 40)
    assert not system._children
