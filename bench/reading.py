"""What is measured, and how: from outside, the same way for every tool."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Rate:
    """Requests per second, and µs of CPU (user and system) that one request costs its sender.

    `beside`: µs of CPU per request of another process that it needs.
    """

    rate: float
    cpu_us: float
    beside: float = 0.0

    def __str__(self) -> str:
        return f"{self.rate:8,.0f} requests/s  {self.cpu_us:6.1f} µs CPU/request"


@dataclass(frozen=True)
class Crowd:
    """`kib`: resident memory. `started`: seconds from exec to everybody's open connection; None:
    they were never all open.
    """

    kib: float
    started: float | None
    cpu_us: float

    def __str__(self) -> str:
        when = "never all open" if self.started is None else f"started in {self.started:5.1f} s"
        return f"{self.kib / 1024:8,.0f} MiB  {when}"


@dataclass(frozen=True)
class Truth:
    """Errors of the reported median and 99th percentile, ms, and how many requests per second.

    `late`: how late the server itself answered then, median and 99th percentile, ms.
    """

    middle: float
    high: float
    rate: float
    late: tuple[float, float]

    def __str__(self) -> str:
        return f"p50 {self.middle:+7.2f}  p99 {self.high:+7.2f} ms  {self.rate:8,.0f} requests/s"


class Counts(Protocol):
    """A server that knows how many requests came."""

    def count(self) -> int:
        """All requests so far."""


class Reading:
    """One moment of processes and of the server that they load."""

    def __init__(self, pids: Sequence[int], server: Counts) -> None:
        """Take it now."""
        self._count = server.count()
        self._cpu = sum(map(cpu_seconds, pids))
        self._own = time.process_time()
        self._at = time.perf_counter()

    def until(self, later: Reading) -> Rate:
        """What happened between this moment and a later one; `beside` is this process."""
        requests = max(1, later._count - self._count)
        own = (later._own - self._own) / requests * 1e6
        cpu = (later._cpu - self._cpu) / requests * 1e6
        return Rate(requests / (later._at - self._at), cpu, own)


def cpu_seconds(pid: int, thread: int | None = None) -> float:
    """CPU that all threads of a process have used, or one of them."""
    whose = f"/proc/{pid}" if thread is None else f"/proc/{pid}/task/{thread}"
    fields = Path(whose, "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def resident_kib(pid: int) -> float:
    """Resident memory of a process."""
    status = Path(f"/proc/{pid}/status").read_text()
    return float(status.partition("VmRSS:")[2].split()[0])


def waited_for_a_core(process: int | str) -> float:
    """Seconds that a process (its id, or "thread-self") was ready to run, and others ran."""
    return int(Path("/proc", str(process), "schedstat").read_text().split()[1]) / 1e9


def open_files(pid: int) -> int:
    """How many descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
