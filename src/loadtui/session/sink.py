"""The sink as the session holds it: started before the workers, ended after them."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

from loadtui.errors import BadInput, SetupFailed
from loadtui.model.metric import MetricType
from loadtui.model.scenario import Scenario
from loadtui.model.watch import Watched
from loadtui.outputs.k6_json import definitions
from loadtui.outputs.sink_frame import (
    Done,
    Finish,
    FromSink,
    Gauges,
    Level,
    Open,
    Ready,
    ToSink,
    Trouble,
    Written,
    from_sink,
    line,
)
from loadtui.outputs.target import STDOUT, Target

START = 15.0
"""Seconds within which every output must be open."""
LEVELS = 1.0
"""Seconds between two samples of `vus` and `vus_max`, as in k6."""
ENDING = 1.0
"""Seconds that the sink may take beyond those it was given."""
LOOK = 0.1
"""Seconds between two looks at whether we are in a hurry."""


class Sink:
    """The process, its control socket and the socket that workers send to.

    `tell`: tells the operator of trouble.
    """

    def __init__(
        self,
        targets: tuple[Target, ...],
        scenario: Scenario,
        state_dir: Path,
        tell: Callable[[str], None],
    ) -> None:
        """Nothing is started yet."""
        self._targets, self._scenario = targets, scenario
        self._log, self._tell = state_dir / "sink.log", tell
        self._folder = ""
        self._process: asyncio.subprocess.Process | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._hearing: asyncio.Task[None] | None = None
        self._ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._written: tuple[Written, ...] | None = None
        self._level_due = 0.0
        self._is_open = self._is_ending = False

    @property
    def path(self) -> str:
        """The socket that workers send to, in a folder (0700) that nobody else may enter."""
        return str(Path(self._folder) / "samples")

    async def start(self) -> None:
        """Open every output; raises BadInput for one that cannot be, SetupFailed for a sink that
        does not come up. `end` must follow.
        """
        self._folder = tempfile.mkdtemp(prefix="loadtui-")
        control, theirs = socket.socketpair()
        with theirs, socket.socket(socket.AF_UNIX) as listening:
            listening.bind(self.path)
            listening.listen(128)
            self._process = await self._spawn(theirs.fileno(), listening.fileno())
        reader, self._writer = await asyncio.open_connection(sock=control)
        self._hearing = asyncio.create_task(self._hear(reader))
        self._say(self._opening())
        try:
            problem = await asyncio.wait_for(self._ready, START)
        except TimeoutError:
            raise SetupFailed(f"the outputs are not open after {START:g} s") from None
        if problem:
            raise BadInput(f"--out {problem}")
        self._is_open = True

    def level(self, vus: int, vus_max: int) -> None:
        """Tell how many VUs there are; once a second is enough, more often does no harm."""
        now = time.monotonic()
        if vus_max and now >= self._level_due:
            self._level_due = now + LEVELS
            self._say(Level(time.time_ns(), vus, vus_max))

    def watched(self, seen: Iterable[Watched]) -> None:
        """Tell how the watched processes are."""
        for each in seen:
            self._say(Gauges(time.time_ns(), each.name, each.gauges))

    async def end(self, timeout: float, hurried: Callable[[], bool]) -> tuple[Written, ...]:
        """Have everything written, within so many seconds, and less in a hurry; tell of each
        output how it ended. Workers must have ended.
        """
        self._is_ending = True
        process, hearing = self._process, self._hearing
        if process is None or hearing is None:
            self._remove()
            return ()
        self._say(Finish(timeout))
        deadline = time.monotonic() + timeout + ENDING
        while not hearing.done() and time.monotonic() < deadline and not hurried():
            await asyncio.wait((hearing,), timeout=LOOK)
        hearing.cancel()
        if self._writer is not None:
            self._writer.close()
        with contextlib.suppress(ProcessLookupError):  # it ended in this moment
            if process.returncode is None and self._written is None:
                process.kill()
        await process.wait()
        self._remove()
        if self._written is not None:
            return self._written
        return self._unknown() if self._is_open else ()

    # -- within ------------------------------------------------------------------------------

    async def _spawn(self, control: int, listening: int) -> asyncio.subprocess.Process:
        self._log.parent.mkdir(parents=True, exist_ok=True)
        is_piped = any(target.place == STDOUT for target in self._targets)
        with self._log.open("wb") as log:
            return await asyncio.create_subprocess_exec(
                *(sys.executable, "-P", "-m", "loadtui.outputs.sink"),
                *("--control", str(control), "--listen", str(listening)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=None if is_piped else asyncio.subprocess.DEVNULL,
                stderr=log,
                pass_fds=(control, listening),
                start_new_session=True,
            )

    def _opening(self) -> Open:
        scenario = self._scenario
        kinds = cast("dict[str, MetricType]", dict(scenario.metrics))
        return Open(self._targets, kinds, definitions(scenario.thresholds), dict(scenario.tags))

    async def _hear(self, reader: asyncio.StreamReader) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.readline():
                self._heard(from_sink(data))
        if not self._ready.done():
            self._ready.set_result(f"cannot be opened: see {self._log}")
        elif self._written is None and not self._is_ending:
            self._tell(f"the process that writes samples is gone: see {self._log}")

    def _heard(self, message: FromSink) -> None:
        match message:
            case Ready(problem=problem):
                self._ready.set_result(problem)
            case Trouble(text=text):
                self._tell(text)
            case Done(outputs=outputs):
                self._written = outputs

    def _say(self, message: ToSink) -> None:
        if self._writer is not None and not self._writer.is_closing():
            self._writer.write(line(message))

    def _unknown(self) -> tuple[Written, ...]:
        return tuple(
            Written(target.label, None, 0, 0, "the process that writes was lost")
            for target in self._targets
        )

    def _remove(self) -> None:
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)
