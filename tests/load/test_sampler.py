from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from loadtui.load.sampler import Sampler
from loadtui.measure.sampling import Tap
from loadtui.model import point
from loadtui.model.point import PointFrame, RequestPoint


def kept(tap: Tap, count: int) -> None:
    series = tap.number("home", (("scenario", "default"),))
    for at in range(count):
        tap.queue.request(
            RequestPoint(series, at / 100, 200, "", False, "HTTP/1.1", 9, 0, 0, 0, 1, 7, 1)
        )


async def frames(reader: asyncio.StreamReader) -> list[PointFrame]:
    """Everything until the end."""
    out = []
    while head := await reader.read(point.LENGTH):
        out.append(point.decode(await reader.readexactly(point.length_of(head))))
    return out


@asynccontextmanager
async def sink(folder: Path) -> AsyncIterator[tuple[str, asyncio.Future[asyncio.StreamReader]]]:
    """A socket, and the one connection that comes to it."""
    path = str(folder / "s")
    came: asyncio.Future[asyncio.StreamReader] = asyncio.get_running_loop().create_future()
    writers: list[asyncio.StreamWriter] = []

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        came.set_result(reader)

    async with await asyncio.start_unix_server(accept, path):
        yield path, came
        for writer in writers:
            writer.close()


async def stopped(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_everything_kept_arrives_with_names_and_the_place_in_time(tmp_path: Path) -> None:
    async with sink(tmp_path) as (path, came):
        tap, said = Tap(lambda: 100.0), list[str]()
        sampler = Sampler(path, tap, said.append)
        running = asyncio.create_task(sampler.run())
        kept(tap, 12_000)
        reading = asyncio.create_task(frames(await came))
        await stopped(running)
        await sampler.finish()
        got = await reading
    assert sum(len(each.requests) for each in got) == 12_000
    assert [named.name for each in got for named in each.named] == ["home"]
    assert abs(got[0].origin + 100_000_000_000 - time.time_ns()) < 60_000_000_000
    assert not said


async def test_an_end_that_comes_at_once_loses_nothing(tmp_path: Path) -> None:
    async with sink(tmp_path) as (path, came):
        tap = Tap(lambda: 100.0)
        kept(tap, 3)
        await Sampler(path, tap, lambda _: None).finish()
        got = await frames(await came)
    assert sum(len(each.requests) for each in got) == 3


async def test_a_sink_that_takes_nothing_loses_times_but_no_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with sink(tmp_path) as (path, came):
        tap, is_short_of_time = Tap(lambda: 100.0), asyncio.Event()
        fold = tap.queue.fold_all

        def fold_all() -> None:
            fold()
            is_short_of_time.set()

        monkeypatch.setattr(tap.queue, "fold_all", fold_all)
        kept(tap, 49_000)
        ending = asyncio.create_task(Sampler(path, tap, lambda _: None).finish())
        reader = await came
        await asyncio.wait_for(is_short_of_time.wait(), 10)
        got = await frames(reader)
        await ending
    whole = sum(len(each.requests) for each in got)
    summed = sum(each.count for frame in got for each in frame.request_sums)
    assert whole + summed == 49_000
    assert summed > 0
    assert sum(each.thinned for each in got) == 7 * summed


async def test_a_sink_that_is_gone_is_told_of_and_harms_nothing(tmp_path: Path) -> None:
    said: list[str] = []
    told = asyncio.Event()

    def say(text: str) -> None:
        said.append(text)
        told.set()

    sampler = Sampler(str(tmp_path / "none"), Tap(lambda: 1.0), say)
    running = asyncio.create_task(sampler.run())
    await asyncio.wait_for(told.wait(), 10)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await sampler.finish()
    assert said == ["the samples' sink cannot be reached: No such file or directory"]
