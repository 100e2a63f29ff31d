"""What the workers were last told, so that a fresh one can be told the same (pure)."""

from __future__ import annotations

from math import inf

import msgspec

from loadtui.load.arrivals import Flow
from loadtui.model.frame import Follow, Retarget, SetRate


class Plan(msgspec.Struct, frozen=True):
    """The plan drives, and began at that moment, pauses taken off."""

    at: float


class Hand(msgspec.Struct, frozen=True):
    """A hand drives, and wants so many VUs."""

    target: int


class Standing(msgspec.Struct, frozen=True):
    """Who drives, and since when load is held. Times are seconds of the session's clock."""

    drive: Plan | Hand | Flow | None = None
    held_since: float | None = None

    @property
    def is_held(self) -> bool:
        """Whether load is paused."""
        return self.held_since is not None

    @property
    def follows(self) -> bool:
        """Whether the plan drives."""
        return isinstance(self.drive, Plan)

    def elapsed(self, now: float) -> float:
        """Seconds of the plan, while that drives; infinite otherwise: nothing is to begin."""
        until = now if self.held_since is None else self.held_since
        return until - self.drive.at if isinstance(self.drive, Plan) else inf

    def driven(self, drive: Plan | Hand, now: float) -> Standing:
        """Another drive, from now on."""
        return Standing(drive, now if self.is_held else None)

    def at_rate(self, rate: float, now: float) -> Standing:
        """By hand so many starts a second from now on; what was due so far stands."""
        until = now if self.held_since is None else self.held_since
        area = self.drive.area_at(until) if isinstance(self.drive, Flow) else 0.0
        return Standing(Flow(now, rate, area), now if self.is_held else None)

    def held(self, now: float, *, on: bool) -> Standing:
        """Pause or resume: while load is held, nothing becomes due."""
        if on:
            return Standing(self.drive, now if self.held_since is None else self.held_since)
        return Standing(self._later(now))

    def order(self, seq: int, offset: float, now: float) -> Follow | Retarget | SetRate | None:
        """What to tell a worker now; its clock is `offset` seconds behind the session's."""
        until = now if self.held_since is None else self.held_since
        match self.drive:
            case Plan(at=at):
                return Follow(seq, at + now - until - offset)
            case Hand(target=target):
                return Retarget(seq, target)
            case Flow(rate=rate):
                # From now on: a fresh worker makes up for nothing that was due before.
                return SetRate(seq, now - offset, rate, self.drive.area_at(until))
            case None:
                return None

    def _later(self, now: float) -> Plan | Hand | Flow | None:
        drive = self.drive
        if self.held_since is None or drive is None or isinstance(drive, Hand):
            return drive
        return msgspec.structs.replace(drive, at=drive.at + now - self.held_since)
