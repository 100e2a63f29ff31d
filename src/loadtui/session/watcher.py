"""Looks at the watched processes once a second, on a thread of its own: a look may take long."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import anyio
import anyio.to_thread

from loadtui.model.watch import Watch, Watched
from loadtui.processes import Process, pid_in

EVERY = 1.0


class Watcher:
    """Finds the processes, and finds a restarted one again where a file tells its new id."""

    def __init__(self, watches: tuple[Watch, ...]) -> None:
        """Nothing was looked at yet."""
        self._watches = watches
        self._processes: dict[str, Process] = {}
        self._pids: dict[str, int] = {}

    async def run(self, take: Callable[[tuple[Watched, ...]], None]) -> None:
        """Hand over a look each second until cancelled."""
        due = time.monotonic()
        while True:
            take(await anyio.to_thread.run_sync(self.look, abandon_on_cancel=True))
            due = max(due + EVERY, time.monotonic())
            await anyio.sleep(due - time.monotonic())

    def look(self) -> tuple[Watched, ...]:
        """All of them as they are now; one that is gone has a `gone` of 0."""
        return tuple(self._one(each) for each in self._watches)

    def _one(self, watch: Watch) -> Watched:
        process = self._processes.get(watch.name)
        found = process.read() if process is not None else None
        if found is None and (process := self._found(watch)) is not None:
            found = process.read()
        if process is None or found is None:
            return Watched(watch.name, self._pids.get(watch.name, watch.pid), gone=0.0)
        return Watched(watch.name, process.pid, found.memory, found.cpu, found.files)

    def _found(self, watch: Watch) -> Process | None:
        """The process that is named now, if it is another one than the one that is gone."""
        try:
            pid = pid_in(Path(watch.pidfile)) if watch.pidfile else watch.pid
        except (OSError, ValueError):
            return None
        if not pid or pid == self._pids.get(watch.name):
            return None
        self._pids[watch.name] = pid
        try:
            self._processes[watch.name] = Process(pid)
        except LookupError:
            return None
        return self._processes[watch.name]
