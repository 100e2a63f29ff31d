from __future__ import annotations

import asyncio
import os

import pytest

from loadtui.load import wire
from loadtui.load.outbox import LIMIT, Outbox
from loadtui.model.frame import FromWorker, Said


@pytest.fixture
def pipe() -> tuple[int, int]:
    return os.pipe()


async def read_all(descriptor: int) -> list[FromWorker]:
    decoder, got = wire.from_worker(), list[FromWorker]()
    while data := await asyncio.to_thread(os.read, descriptor, 65536):
        got += decoder.feed(data)
    os.close(descriptor)
    return got


async def test_messages_leave_at_once_while_the_pipe_takes_them(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outbox = Outbox(writing, lambda: None)
    outbox.put(Said(0, "hello"))
    assert outbox.is_clear
    os.close(writing)
    assert await read_all(reading) == [Said(0, "hello")]


async def test_what_the_pipe_does_not_take_waits_and_arrives_whole(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outbox = Outbox(writing, lambda: None)
    sent: list[FromWorker] = [Said(0, letter * 50_000) for letter in "abcdef"]
    for message in sent:
        outbox.put(message)
    assert not outbox.is_clear
    reader = asyncio.create_task(read_all(reading))
    await outbox.flush(timeout=10.0)
    os.close(writing)
    assert await reader == sent


async def test_waiting_for_a_reader_that_never_reads_ends(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    outbox = Outbox(writing, lambda: None)
    outbox.put(Said(0, "x" * 200_000))
    await outbox.flush(timeout=0.05)
    assert not outbox.is_clear
    os.close(reading)
    os.close(writing)


async def test_answers_that_nobody_reads_do_not_pile_up_but_the_last_word_does(
    pipe: tuple[int, int],
) -> None:
    reading, writing = pipe
    outbox = Outbox(writing, lambda: None)
    big = Said(0, "x" * 1_000_000)
    for _ in range(20):
        outbox.put(big)
    outbox.put(Said(0, "the last word"), last=True)
    reader = asyncio.create_task(read_all(reading))
    await outbox.flush(timeout=10.0)
    os.close(writing)
    got = await reader
    assert len(got) - 1 <= LIMIT // 1_000_000 + 2
    assert got[-1] == Said(0, "the last word")


async def test_a_reader_that_has_gone_is_told(pipe: tuple[int, int]) -> None:
    reading, writing = pipe
    lost = asyncio.Event()
    outbox = Outbox(writing, lost.set)
    os.close(reading)
    outbox.put(Said(0, "anybody?"))
    assert lost.is_set()
    assert outbox.is_clear
    os.close(writing)


async def test_from_another_thread_a_message_leaves_whole_or_not_at_all(
    pipe: tuple[int, int],
) -> None:
    reading, writing = pipe
    outbox = Outbox(writing, lambda: None)
    assert await asyncio.to_thread(outbox.put_apart, Said(0, "stuck"))
    assert not await asyncio.to_thread(outbox.put_apart, Said(0, "x" * 65536)), "not at once"
    outbox.put(Said(0, "a" * 500_000))
    assert not await asyncio.to_thread(outbox.put_apart, Said(0, "amid another one"))
    reader = asyncio.create_task(read_all(reading))
    await outbox.flush(timeout=10.0)
    os.close(writing)
    assert await reader == [Said(0, "stuck"), Said(0, "a" * 500_000)]
