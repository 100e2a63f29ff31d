"""When a worker that says nothing is told of, and when it is ended and replaced (pure).

A worker reports at least every 1.25 s, so silence means something. Only silence counts in which the
session itself turned and read: a suspended laptop, a stopped session and a full queue are no
worker's fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from loadtui.load.arrivals import PROMPT
from loadtui.model.executor import ByRate, Entry

LOOK = 0.25
"""Seconds between two looks at a worker."""
MOST_BETWEEN = 2 * LOOK
"""Seconds that count between two looks at most: when more went by, it was the session that slept.
"""
STOPPED = 2.0
"""Seconds of silence after which a worker that a signal stopped is ended."""
SILENT = 2.5
"""Seconds of silence after which the operator is told of a worker that runs."""
HOPELESS = 10.0
"""Seconds of silence after which a worker is ended although it runs."""
REPLACEMENTS = 5
"""How often one worker is replaced within `WITHIN` seconds."""
WITHIN = 60.0

Step = Literal["", "tell", "end", "back"]
"""What to do: nothing; tell that it is silent; end it; tell that it answers again."""


class Silence(msgspec.Struct, frozen=True):
    """How long a worker has been silent.

    `heard`: what was heard of it, as a number that grows. `at`: when it was last looked at.
    `seconds`: of silence that count. `told`: the operator knows.
    """

    at: float
    heard: int = 0
    seconds: float = 0.0
    told: bool = False

    def look(self, now: float, heard: int, *, is_read: bool) -> Silence:
        """Look again; `is_read`: whether whatever it says would be taken at once."""
        if heard != self.heard or not is_read:
            return Silence(now, heard, told=self.told)
        more = min(max(0.0, now - self.at), MOST_BETWEEN)
        return msgspec.structs.replace(self, at=now, seconds=self.seconds + more)


def decide(silence: Silence, *, is_stopped: bool) -> tuple[Silence, Step]:
    """What follows from a silence; `is_stopped`: whether a signal stopped the process."""
    if silence.seconds >= (STOPPED if is_stopped else HOPELESS):
        return silence, "end"
    if silence.seconds >= SILENT and not silence.told:
        return msgspec.structs.replace(silence, told=True), "tell"
    if silence.told and not silence.seconds:
        return msgspec.structs.replace(silence, told=False), "back"
    return silence, ""


def may_replace(times: Sequence[float], now: float) -> bool:
    """Whether a worker that was replaced at these times may be once more."""
    return sum(now - at < WITHIN for at in times) < REPLACEMENTS


def unsettled(entries: Sequence[Entry], elapsed: float) -> float:
    """Seconds until a fresh worker may follow a plan that has come to `elapsed` seconds.

    In an arrival rate's first moments a worker makes up for what was due before it was told; a
    fresh one must not, for the lost one has begun that.
    """
    own = (elapsed - each.start_time for each in entries if isinstance(each.executor, ByRate))
    return max((PROMPT - gone for gone in own if 0 <= gone < PROMPT), default=0.0)


def is_stopped(stat: str) -> bool:
    """Whether a process is stopped or traced, from its `/proc/PID/stat` (proc(5), field 3)."""
    fields = stat.rpartition(")")[2].split()
    return bool(fields) and fields[0] in {"T", "t"}
