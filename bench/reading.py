"""What is measured, and how: from outside, the same way for every tool."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Result:
    """Requests per second, and µs of CPU (user and system) that one request costs its sender."""

    rate: float
    cpu_us: float

    def __str__(self) -> str:
        return f"{self.rate:8,.0f} requests/s  {self.cpu_us:6.1f} µs CPU/request"


class Counts(Protocol):
    """A server that knows how many requests came."""

    def count(self) -> int:
        """All requests so far."""


class Reading:
    """One moment of a process and of the server that it loads."""

    def __init__(self, pid: int, server: Counts) -> None:
        """Take it now."""
        self._count, self._cpu, self._at = server.count(), cpu_seconds(pid), time.perf_counter()

    def until(self, later: Reading) -> Result:
        """What happened between this moment and a later one."""
        requests = later._count - self._count
        cpu = later._cpu - self._cpu
        return Result(requests / (later._at - self._at), cpu / max(1, requests) * 1e6)


def cpu_seconds(pid: int, thread: int | None = None) -> float:
    """CPU that all threads of a process have used, or one of them."""
    whose = f"/proc/{pid}" if thread is None else f"/proc/{pid}/task/{thread}"
    fields = Path(whose, "stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS


def waited_for_a_core(process: int | str) -> float:
    """Seconds that a process (its id, or "thread-self") was ready to run, and others ran."""
    return int(Path("/proc", str(process), "schedstat").read_text().split()[1]) / 1e9


def open_files(pid: int) -> int:
    """How many descriptors a process has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
