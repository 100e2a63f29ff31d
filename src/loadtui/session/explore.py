"""What a screen may draw of a session's past with the charts of the outputs."""

from __future__ import annotations

from loadtui.model.snapshot import Snapshot
from loadtui.outputs.explore import MEASURES, TIME, Wish, explore

__all__ = ["Wish", "explored", "turned"]

ALONG = (TIME, *MEASURES)
UP = MEASURES


def turned(wish: Wish, *, along: int = 0, up: int = 0) -> Wish:
    """The wish with the next number on one axis, or on the other; after the last comes the first.

    Nothing is drawn against itself.
    """
    across = ALONG[(ALONG.index(wish.along) + along) % len(ALONG)]
    upward = UP[(UP.index(wish.up) + up) % len(UP)]
    if across is upward and along:
        across = ALONG[(ALONG.index(across) + along) % len(ALONG)]
    elif across is upward:
        upward = UP[(UP.index(upward) + up) % len(UP)]
    return Wish(along=across, up=upward, log=wish.log)


def explored(shown: Snapshot, wish: Wish, size: tuple[int, int]) -> str:
    """The chart as text, "" where there is too little of it."""
    return explore(shown.history.points, shown.markers, wish, size)
