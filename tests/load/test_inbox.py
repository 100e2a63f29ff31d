from __future__ import annotations

import asyncio
import os

import pytest

from loadtui.load import wire
from loadtui.load.inbox import Inbox
from loadtui.model.frame import Cut, Retarget, ToWorker


@pytest.fixture
def pipe() -> tuple[int, int]:
    return os.pipe()


async def everything(inbox: Inbox) -> list[ToWorker]:
    return [message async for message in inbox]


async def test_commands_come_out_in_order_until_the_pipe_ends(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    reader = asyncio.create_task(everything(Inbox(reading)))
    data = wire.encode(Retarget(1, 5)) + wire.encode(Cut(2))
    os.write(writing, data[:7])
    await asyncio.sleep(0.01)
    os.write(writing, data[7:])
    os.close(writing)
    assert await asyncio.wait_for(reader, 5.0) == [Retarget(1, 5), Cut(2)]
    os.close(reading)


async def test_noise_counts_as_the_end(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    os.write(writing, wire.encode(Cut(1)) + b"\0\0\0\2hi" + wire.encode(Cut(2)))
    assert await asyncio.wait_for(everything(Inbox(reading)), 5.0) == []
    os.close(writing)
    os.close(reading)
