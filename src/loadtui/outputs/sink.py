"""The process that writes samples, apart from the load and from the screen.

    python -m loadtui.outputs.sink --control FD --listen FD

Workers connect to the listening unix socket and send frames of points; the session talks on the
control socket. When that ends, or with a `Finish`, everything is written that can be in time, and
the process ends. No output ever waits for another, and no worker for an output.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import socket
import sys
import time
from collections.abc import Sequence

from loadtui.model import point
from loadtui.model.point import PointFrame, ValuePoint
from loadtui.outputs.database_writer import database_writer
from loadtui.outputs.file_writer import csv_writer, json_writer
from loadtui.outputs.output import Output, OutputError, Source, Writer
from loadtui.outputs.samples import RUN
from loadtui.outputs.sink_frame import (
    Done,
    Finish,
    Gauges,
    Level,
    Open,
    Ready,
    Trouble,
    Written,
    line,
    to_sink,
)
from loadtui.outputs.target import Target

INTERVALS = {"json": 0.2, "statsd": 0.1}
"""Seconds between two writes: of JSON as in k6; to StatsD often, since UDP loses bursts."""
USUAL = 1.0
"""Seconds between two writes of all others, as in k6."""

NICE = 10
"""How far we stand behind the workers where there are too few cores: samples can wait, load cannot.
"""

ORPHANED = 3.0
"""Seconds to write what is there once the session is gone."""


class Sink:
    """All outputs of a session."""

    def __init__(self, control: asyncio.StreamWriter) -> None:
        """Nothing is open."""
        self._loop = asyncio.get_running_loop()
        self._control = control
        self._opened = Open(())
        self._outputs: list[Output] = []
        self._run = Source({}, {})
        self._heard: set[asyncio.Task[None]] = set()
        self._all_came = asyncio.Event()

    async def open(self, opened: Open) -> bool:
        """Open every output and say so; False when one cannot be."""
        self._opened, problem = opened, ""
        self._run = Source(opened.kinds, opened.tags)
        self._run.names[RUN] = ("", ())
        for target in opened.targets:
            writer = self._writer(target)
            try:
                trouble = await asyncio.to_thread(writer.open)
            except OutputError as error:
                problem = f"{target.label} {error}"
                break
            if trouble:
                self._tell(f"{target.label} {trouble}")
            self._outputs.append(
                Output(target.label, writer, INTERVALS.get(target.kind, USUAL), self._tell_apart)
            )
        if not problem:
            for output in self._outputs:
                output.start()
        self._say(Ready(problem))
        return not problem

    async def hear(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the frames of one worker until it ends."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - a server's callback is a task
        self._heard.add(task)
        source = Source(self._opened.kinds, self._opened.tags)
        try:
            while True:
                size = point.length_of(await reader.readexactly(point.LENGTH))
                if not size:
                    self._all_came.set()
                    return
                self._take(source, point.decode(await reader.readexactly(size)))
        except (asyncio.IncompleteReadError, OSError):
            return  # it has ended; what it had is here
        except ValueError as error:
            self._tell(f"a worker's samples cannot be read any further: {error}")
        finally:
            self._heard.discard(task)
            writer.close()

    def level(self, level: Level) -> None:
        """VUs, as a sample of the run."""
        at = level.at / 1e9
        values = [
            ValuePoint("vus", RUN, at, float(level.vus)),
            ValuePoint("vus_max", RUN, at, float(level.vus_max)),
        ]
        self._take(self._run, PointFrame(0, values=values))

    def gauges(self, gauges: Gauges) -> None:
        """A watched process, as samples of the run that name it."""
        names, tags = self._run.names, (("process", gauges.process),)
        series = next((each for each, known in names.items() if known == ("", tags)), None)
        if series is None:
            series = RUN - len(names)
            names[series] = ("", tags)
        at = gauges.at / 1e9
        values = [ValuePoint(name, series, at, value) for name, value in gauges.values.items()]
        self._take(self._run, PointFrame(0, values=values))

    async def finish(self, timeout: float, path: str) -> None:
        """Hear workers out, write everything that can be in time, and tell how that went."""
        deadline = time.monotonic() + timeout
        try:
            async with asyncio.timeout(timeout / 3):
                await self._let_all_come(path)
                while self._heard:
                    await asyncio.wait(tuple(self._heard))
        except TimeoutError:
            self._tell("a worker still reports: the samples end before it does")
        for output in self._outputs:
            output.end()
        written = await asyncio.to_thread(self._join, deadline)
        self._say(Done(written))
        try:
            await asyncio.wait_for(self._control.drain(), 1.0)
        except (OSError, TimeoutError):
            return  # nobody listens any more

    async def _let_all_come(self, path: str) -> None:
        """Stand in line behind the last worker that has connected, and wait to be heard."""
        try:
            _, writer = await asyncio.open_unix_connection(path)
        except OSError:
            return  # nobody can have come through it either
        writer.write(bytes(point.LENGTH))
        await self._all_came.wait()
        writer.close()

    def _join(self, deadline: float) -> tuple[Written, ...]:
        return tuple(output.join(deadline) for output in self._outputs)

    def _take(self, source: Source, frame: PointFrame) -> None:
        source.learn(frame)
        for output in self._outputs:
            output.add(source, frame)

    def _writer(self, target: Target) -> Writer:
        match target.kind:
            case "json":
                return json_writer(target, self._opened.definitions, self._run)
            case "csv":
                return csv_writer(target)
            case _:
                return database_writer(target, self._tell_apart)

    def _tell_apart(self, text: str) -> None:
        """From an output's thread."""
        self._loop.call_soon_threadsafe(self._tell, text)

    def _tell(self, text: str) -> None:
        self._say(Trouble(text))

    def _say(self, message: Ready | Trouble | Done) -> None:
        if not self._control.is_closing():
            self._control.write(line(message))


async def _serve(control: socket.socket, listening: socket.socket) -> None:
    reader, writer = await asyncio.open_connection(sock=control)
    sink, timeout = Sink(writer), ORPHANED
    opened = await reader.readline()
    if not opened:
        return
    message = to_sink(opened)
    if not isinstance(message, Open) or not await sink.open(message):
        await writer.drain()
        return
    server = await asyncio.start_unix_server(sink.hear, sock=listening)
    while data := await reader.readline():
        message = to_sink(data)
        if isinstance(message, Level):
            sink.level(message)
        elif isinstance(message, Gauges):
            sink.gauges(message)
        elif isinstance(message, Finish):
            timeout = message.timeout
            break
    await sink.finish(timeout, listening.getsockname())
    server.close()


def main(arguments: Sequence[str]) -> int:
    """Write until told to end; return the exit code."""
    parser = argparse.ArgumentParser(prog="loadtui.outputs.sink", allow_abbrev=False)
    parser.add_argument("--control", type=int, required=True, metavar="FD")
    parser.add_argument("--listen", type=int, required=True, metavar="FD")
    options = parser.parse_args(arguments)
    os.nice(NICE)
    asyncio.run(_serve(socket.socket(fileno=options.control), socket.socket(fileno=options.listen)))
    return 0


if __name__ == "__main__":
    code = main(sys.argv[1:])
    os._exit(code)  # an output that hangs must not hold the process: what could be told is told
