"""What a worker reports of itself, four times a second (pure: clocks are passed in)."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from loadtui.measure.recorder import Recorder
from loadtui.model.row import Batch, Health

AT_LEAST = 1.0
"""Seconds after which a worker reports although nothing has happened."""


class Limits(msgspec.Struct, frozen=True):
    """What a worker may have: open files, those open before any connection, and local ports to dial
    from; 0 where unknown.
    """

    files: int = 0
    files_before: int = 0
    ports: int = 0


class Reporter:
    """Turns what was recorded into batches. `clock`: monotonic seconds; `cpu`: CPU seconds used."""

    def __init__(
        self,
        worker: int,
        recorder: Recorder,
        clock: Callable[[], float],
        cpu: Callable[[], float],
        limits: Limits | None = None,
    ) -> None:
        """Begin now."""
        self._limits, self._dialed = limits or Limits(), recorder.dialed
        self._worker, self._recorder = worker, recorder
        self._clock, self._cpu = clock, cpu
        self._reported, self._cpu_then = clock(), cpu()
        self._counts = (-1, -1)
        self._lag = 0.0
        self._seq = 0

    def late(self, seconds: float) -> None:
        """Note how late a timer came; the largest goes into the next batch."""
        self._lag = max(self._lag, seconds)

    def is_due(self, active: int, draining: int) -> bool:
        """Whether there is anything to say, or it has been quiet for long enough."""
        is_quiet = self._recorder.is_empty and self._counts == (active, draining)
        return not is_quiet or self._clock() - self._reported >= AT_LEAST

    def batch(self, active: int, draining: int, connections: int, allocated: int = 0) -> Batch:
        """Everything since the last batch."""
        now, cpu = self._clock(), self._cpu()
        rows, iterations = self._recorder.drain()
        health = self._health(now, cpu, connections)
        self._reported, self._cpu_then, self._lag = now, cpu, 0.0
        self._counts = (active, draining)
        self._seq += 1
        return Batch(
            worker=self._worker,
            seq=self._seq,
            at=now,
            active=active,
            draining=draining,
            rows=rows,
            iterations=iterations,
            health=health,
            metrics=self._recorder.drain_metrics(),
            allocated=allocated,
        )

    def _health(self, now: float, cpu: float, connections: int) -> Health:
        limits, before = self._limits, self._dialed
        self._dialed = self._recorder.dialed
        return Health(
            cpu=cpu - self._cpu_then,
            wall=now - self._reported,
            lag=self._lag,
            connections=connections,
            dialed=self._dialed - before,
            files=limits.files_before + connections,
            files_limit=limits.files,
            ports_limit=limits.ports,
        )
