"""Where a replay is and how fast it goes on: decided here, on seconds that are passed in (pure)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

import msgspec

from loadtui.model.replay import (
    ChangeSpeed,
    PlayOrPause,
    ReplayCommand,
    SeekBy,
    SeekMarker,
    SeekTo,
)

SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
NEAR = 0.5
"""Seconds around a marker that count as being there."""


class Playback(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: the session second; `length`: the last one; `speed`: seconds per second."""

    length: float
    at: float = 0.0
    speed: float = 1.0
    paused: bool = False

    @property
    def is_at_end(self) -> bool:
        """Whether nothing more comes."""
        return self.at >= self.length

    def after(self, seconds: float) -> Playback:
        """When so many seconds have passed: at the end it holds still."""
        if self.paused or self.is_at_end:
            return self
        return self.moved(self.at + seconds * self.speed)

    def moved(self, at: float) -> Playback:
        """At that second, or the nearest there is."""
        return msgspec.structs.replace(self, at=min(max(0.0, at), self.length))

    def told(self, command: ReplayCommand, markers: Sequence[float]) -> Playback:
        """After a command; `markers`: when something happened, oldest first."""
        match command:
            case PlayOrPause():
                if self.is_at_end:
                    return msgspec.structs.replace(self, at=0.0, paused=False)
                return msgspec.structs.replace(self, paused=not self.paused)
            case SeekTo(at=at):
                return self.moved(at)
            case SeekBy(seconds=seconds):
                return self.moved(self.at + seconds)
            case SeekMarker(by=by):
                found = _marker(markers, self.at, by)
                there = self.moved(self.at if found is None else found)
                return msgspec.structs.replace(there, paused=True)
            case ChangeSpeed(by=by):
                return msgspec.structs.replace(self, speed=_speed(self.speed, by))


def _marker(markers: Sequence[float], at: float, by: int) -> float | None:
    """The next one, or the one before; None where there is none."""
    if by > 0:
        return next(iter(markers[bisect_right(markers, at + NEAR) :]), None)
    before = markers[: bisect_left(markers, at - NEAR)]
    return before[-1] if before else None


def _speed(speed: float, by: int) -> float:
    if by > 0:
        return next((each for each in SPEEDS if each > speed), SPEEDS[-1])
    return next((each for each in reversed(SPEEDS) if each < speed), SPEEDS[0])
