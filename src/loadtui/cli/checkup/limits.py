"""What the system lets a load generator use."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from pathlib import Path

from loadtui.cli.checkup.check import Check, ok, warn
from loadtui.cli.flags import default_workers
from loadtui.model.units import grouped

AREA = "limits"
PORT_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")
FEW_FILES, FEW_PORTS = 4096, 16_384


def limits() -> Iterator[Check]:
    """Open files, ephemeral ports and cores of this machine."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield files(hard if hard != resource.RLIM_INFINITY else None)
    if (first_last := _port_range()) is not None:
        yield ports(*first_last)
    usable = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield cores(usable or 1, default_workers())


def files(hard: int | None) -> Check:
    """Of a process, None for no limit; loadtui raises its own up to that by itself."""
    if hard is None:
        return ok(AREA, "open files", "no limit")
    found = f"{grouped(hard)} a process"
    if hard < FEW_FILES:
        most = grouped(max(1, hard - 200))
        todo = f"ulimit -Hn {FEW_FILES * 4} before the start: about {most} VUs a worker fit in this"
        return warn(AREA, "open files", found, todo)
    return ok(AREA, "open files", found)


def ports(first: int, last: int) -> Check:
    """The range from which outgoing connections take theirs."""
    count = last - first + 1
    found = f"{grouped(count)} for outgoing connections ({first} to {last})"
    if count < FEW_PORTS:
        each = grouped(count // 60)
        todo = (
            "sysctl -w net.ipv4.ip_local_port_range='1024 65535'; a closed one rests 60 s: "
            f"new connections to one address go on at {each} a second"
        )
        return warn(AREA, "ports", found, todo)
    return ok(AREA, "ports", found)


def cores(usable: int, workers: int) -> Check:
    """How much can run at once beside the screen."""
    found = f"{usable} usable, {workers} for workers by itself"
    if usable < 2:
        todo = "give it two: load, screen and the system share one, and the screen will say so"
        return warn(AREA, "cores", found, todo)
    return ok(AREA, "cores", found)


def _port_range() -> tuple[int, int] | None:
    try:
        first, last = PORT_RANGE.read_text(encoding="ascii").split()
        return int(first), int(last)
    except (OSError, ValueError):
        return None  # no Linux
