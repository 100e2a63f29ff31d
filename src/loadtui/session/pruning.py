"""Which sessions are to go, by their age and by the room they take (pure)."""

from __future__ import annotations

from collections.abc import Sequence

from loadtui.session.kept import Kept


def to_prune(
    kept: Sequence[Kept], now: float, *, older: float | None, room: int | None
) -> list[Kept]:
    """Those that began more than `older` seconds before `now`, and the oldest of the others until
    all that stay take `room` bytes at most. One that runs stays; it takes room, too.
    """
    by_age = sorted(kept, key=lambda each: each.started)
    gone = [each for each in by_age if _may_go(each) and _is_old(each, now, older)]
    left = sum(each.bytes for each in kept) - sum(each.bytes for each in gone)
    for each in by_age:
        if room is None or left <= room:
            break
        if _may_go(each) and each not in gone:
            gone.append(each)
            left -= each.bytes
    return gone


def _may_go(each: Kept) -> bool:
    return each.state != "runs"


def _is_old(each: Kept, now: float, older: float | None) -> bool:
    return older is not None and now - each.started > older
