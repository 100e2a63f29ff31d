"""Whether the numbers are the system's or the generator's own, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

import msgspec

from loadtui.measure.tally import Iterations
from loadtui.model.generator import GeneratorState
from loadtui.model.row import Health

NOW = 10.0
"""Seconds over which lag and late starts count."""
CPU_SECONDS = 1.0
"""Seconds over which CPU counts."""
HELD = 60.0
"""Seconds for which a closed connection keeps its local port (TIME_WAIT on Linux)."""

CPU = (0.80, 0.95)
LAG = (0.05, 0.2)
LATE = (0.01, 0.1)
FULL = (0.80, 0.95)
"""From where a generator is strained, and from where it measures itself: share of a core, seconds
of loop lag, seconds of the 99th percentile of late starts, share of files or ports in use."""


class Vitals(msgspec.Struct, frozen=True, kw_only=True):
    """What all workers together say of themselves; None: nobody said anything.

    `cpu`: of the busiest, 0..1. `lag`: largest loop lag, seconds. `late`: p99 of late starts,
    seconds. `dropped`: iterations of the last 10 s for which there was no free VU. `files`: those
    of the worker that has the largest share of its limit. `ports`: local ports in use or not yet
    free again, at most. Limits: 0 where unknown.
    """

    cpu: float | None = None
    lag: float | None = None
    late: float | None = None
    dropped: int = 0
    connections: int = 0
    files: int = 0
    files_limit: int = 0
    ports: int = 0
    ports_limit: int = 0


class Judgement(msgspec.Struct, frozen=True):
    """A state, why, and a sentence what to do; both empty where all is well."""

    state: GeneratorState
    why: str = ""
    advice: str = ""


def vitals(health: Mapping[int, Sequence[Health]], done: Iterations) -> Vitals:
    """Sum up the workers' reports, oldest first; `done`: the iterations of the last 10 s."""
    newest = [reports[-1] for reports in health.values() if reports]
    fullest = max(newest, key=lambda h: _share(h.files, h.files_limit), default=Health())
    (late,) = done.late.quantiles_ms(0.99)
    return Vitals(
        cpu=max((_cpu(reports) for reports in health.values() if reports), default=None),
        lag=max((h.lag for reports in health.values() for h in _last(reports, NOW)), default=None),
        late=None if late is None else late / 1000,
        dropped=done.dropped,
        connections=sum(h.connections for h in newest),
        files=fullest.files,
        files_limit=fullest.files_limit,
        ports=sum(_ports(reports) for reports in health.values() if reports),
        # Workers share the one range of local ports.
        ports_limit=max((h.ports_limit for h in newest), default=0),
    )


def judge(vitals: Vitals, *, workers: int = 1) -> Judgement:
    """The state that the worst of all signs makes, and what helps against that one."""
    cpu, lag, late = (vitals.cpu or 0.0, vitals.lag or 0.0, vitals.late or 0.0)
    files, ports = (
        _share(vitals.files, vitals.files_limit),
        _share(vitals.ports, vitals.ports_limit),
    )
    signs = (
        (_level(cpu, CPU), f"a worker uses {cpu:.0%} of its core", _more_workers(workers)),
        (_level(lag, LAG), f"the loop came {lag * 1000:.0f} ms late", _SHORTER),
        (_level(late, LATE), f"iterations began {late * 1000:.0f} ms late (p99)", _FEWER),
        (_level(files, FULL), _used(vitals.files, vitals.files_limit, "open files"), _FILES),
        (_level(ports, FULL), _used(vitals.ports, vitals.ports_limit, "local ports"), _PORTS),
    )
    level, why, advice = max(signs, key=lambda sign: sign[0])
    if not level:
        return Judgement("ok")
    return Judgement("strained" if level == 1 else "measuring the generator", why, advice)


_SHORTER = "look for a journey that blocks, or for other programs on this machine"
_FEWER = "lower the rate, or share it among more workers"
_FILES = "raise the limit of open files (ulimit -n), or use fewer VUs"
_PORTS = "keep connections alive, or widen net.ipv4.ip_local_port_range"


def _more_workers(workers: int) -> str:
    return f"use more than {workers} worker{'s' if workers != 1 else ''} (--workers), or less load"


def _used(used: int, limit: int, what: str) -> str:
    return f"{used} of {limit} {what} are in use"


def _level(value: float, limits: tuple[float, float]) -> int:
    strained, over = limits
    return 2 if value >= over else 1 if value >= strained else 0


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _last(reports: Sequence[Health], seconds: float) -> Iterable[Health]:
    """The newest reports that cover so many seconds, newest first."""
    covered = 0.0

    def is_within(report: Health) -> bool:
        nonlocal covered
        before = covered
        covered += report.wall
        return before < seconds

    return takewhile(is_within, reversed(reports))


def _cpu(reports: Sequence[Health]) -> float:
    last = list(_last(reports, CPU_SECONDS))
    wall = sum(report.wall for report in last)
    return sum(report.cpu for report in last) / wall if wall > 0 else 0.0


def _ports(reports: Sequence[Health]) -> int:
    """Ports of open connections, or of all dialled within the time a closed one's is held."""
    return max(reports[-1].connections, sum(report.dialed for report in _last(reports, HELD)))
