"""How the generator itself fares."""

from __future__ import annotations

from typing import Literal

import msgspec

GeneratorState = Literal["starting", "ok", "strained", "measuring the generator", "lost"]


class Generator(msgspec.Struct, frozen=True):
    """The generator's own health: CPU of the busiest worker 0..1, largest loop lag in seconds
    over the last 10 s, workers up and wanted.

    `why`, `advice`: what makes the state worse than ok, and what to do; "" while all is well.
    `late`: p99 in seconds of how late iterations began in the last 10 s, None without a schedule;
    `dropped`: those for which there was no free VU. `files`: open files of the worker nearest its
    limit; `ports`: local ports in use, at most, by all workers; limits 0 where unknown. `coming`:
    lost workers that are being replaced; `silent`: those that run but do not answer; `losses`: how
    many were lost since the start; `missed`: seconds in which a worker should have reported and did
    not.
    """

    cpu: float | None = None
    lag: float | None = None
    workers: int = 0
    wanted: int = 0
    state: GeneratorState = "starting"
    why: str = ""
    advice: str = ""
    late: float | None = None
    dropped: int = 0
    connections: int = 0
    files: int = 0
    files_limit: int = 0
    ports: int = 0
    ports_limit: int = 0
    coming: int = 0
    silent: int = 0
    losses: int = 0
    missed: int = 0
