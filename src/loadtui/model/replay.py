"""What a replay may be asked, and where it is: words for whoever watches a journal again."""

from __future__ import annotations

import msgspec


class ReplayStatus(msgspec.Struct, frozen=True, kw_only=True):
    """`at`: the session second that is shown, `length`: that of the last one. `notice`: what the
    journal does not say, "" when it is whole. `unknown`: whether nothing is known of this moment,
    so that the screen shows the last one before it. `over`: the replay is to be left.
    """

    at: float
    length: float
    speed: float = 1.0
    paused: bool = False
    notice: str = ""
    unknown: bool = False
    over: bool = False

    @property
    def is_at_end(self) -> bool:
        """Whether there is nothing more to play."""
        return self.at >= self.length


class PlayOrPause(msgspec.Struct, frozen=True):
    """Go on, or hold still; at the end: play again from the beginning."""


class SeekTo(msgspec.Struct, frozen=True):
    """Show this session second; past the end: the end."""

    at: float


class SeekBy(msgspec.Struct, frozen=True):
    """Move by seconds, negative ones back."""

    seconds: float


class SeekMarker(msgspec.Struct, frozen=True):
    """Show the next marker (1) or the one before (-1), and hold still there."""

    by: int


class ChangeSpeed(msgspec.Struct, frozen=True):
    """One speed faster (1) or slower (-1)."""

    by: int


ReplayCommand = PlayOrPause | SeekTo | SeekBy | SeekMarker | ChangeSpeed
"""The closed set."""
