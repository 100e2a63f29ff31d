"""The first line: what state everything is in, what is attacked, and the news."""

from __future__ import annotations

from loadtui.model.fault_words import brief
from loadtui.model.marker import Marker
from loadtui.model.replay import ReplayStatus
from loadtui.model.snapshot import ProxyStatus, Slot, Snapshot
from loadtui.tui.draw.cells import Cell, Hue, Row, clean, cut, pen, width
from loadtui.tui.draw.figures import circled, clock, countdown, plural

WIDE = 80
"""Cells from which on there is room to say that this is a rehearsal."""
SOON = 10.0
"""Seconds before a fault of the plan at which it is news."""
WARNED = 60.0
"""Seconds before the dead man's switch acts at which it is news."""
FRESH = 60.0
"""Seconds for which a fault's outcome is news."""
_PHASES: dict[str, tuple[str, Hue]] = {
    "starting": ("◌ STARTING", "accent"),
    "idle": ("○ IDLE", "quiet"),
    "setup": ("◌ SETUP", "accent"),
    "running": ("● RUNNING", "good"),
    "paused": ("‖ PAUSED", "warn"),
    "panic": ("■ PANIC", "bad"),
    "ending": ("◌ ENDING", "warn"),
    "ended": ("○ ENDED", "quiet"),
}


def status(snapshot: Snapshot) -> tuple[str, Hue]:
    """The state in a word, with its sign, and its colour."""
    if snapshot.chaos.on and snapshot.phase not in {"panic", "ending"}:
        return "▲ FAULT ON", "fault"
    return _PHASES[snapshot.phase]


def head(snapshot: Snapshot, cells: int, *, frozen: float | None = None, only: str = "") -> Row:
    """The line in that many cells; `frozen`: for how many seconds the display has held still;
    `only`: the one request name that is shown.
    """
    word, hue = status(snapshot)
    left: list[Cell] = [(f" {word} ", pen("bg", hue, bold=True))]
    if snapshot.replay is not None:
        left.insert(0, (f" {_replay(snapshot.replay)} ", pen("bg", "accent", bold=True)))
    if frozen is not None:
        left.append((f" FROZEN −{frozen:.0f} s ", pen("bg", "accent", bold=True)))
    if snapshot.time_scale != 1.0 and cells >= WIDE:
        left.append((f" REHEARSAL ×{snapshot.time_scale:g} ", pen("bg", "warn", bold=True)))
    if only:
        left.append(
            (f" only {cut(clean(only), max(4, cells // 4))} ", pen("accent", "raise", bold=True))
        )
    time = f"{_time(snapshot)} "
    room = cells - sum(width(text) for text, _ in left) - len(time) - 1
    if room < 0:
        time, room = "", room + len(time)
    name, url = clean(snapshot.name), clean(snapshot.target_url)
    news, news_hue = _news(snapshot)
    title, text = _fitting((f"  {name}  {url}", f"  {name}"), news, room, loud=news_hue != "quiet")
    left += [(title, pen("ink")), (f"   {text}" if text else "", pen(news_hue))]
    gap = max(1, cells - sum(width(text) for text, _ in left) - len(time))
    return (*left, (" " * gap, pen()), (time, pen("ink", bold=True)))


def _replay(status: ReplayStatus) -> str:
    """That this is no live session, and how it plays."""
    if status.is_at_end:
        return "■ REPLAY END"
    return "‖ REPLAY" if status.paused else f"▸ REPLAY ×{status.speed:g}"


def _time(snapshot: Snapshot) -> str:
    if (status := snapshot.replay) is not None:
        return f"{clock(status.at)} of {clock(status.length)}"
    return clock(snapshot.at)


def _fitting(
    titles: tuple[str, ...], news: tuple[str, ...], room: int, *, loud: bool
) -> tuple[str, str]:
    """The fullest pair that fits: loud news before the address, quiet news after it."""
    if loud:
        pairs = [(title, text) for text in news for title in titles]
        pairs += [("", text) for text in news] + [(title, "") for title in titles]
    else:
        pairs = [(title, text) for title in titles for text in (*news, "")]
    fits = (p for p in pairs if width(p[0]) + width(p[1]) + 3 * bool(p[1]) <= room)
    return next(fits, ("", ""))


def _news(snapshot: Snapshot) -> tuple[tuple[str, ...], Hue]:
    """The news from long to short, and its colour."""
    if snapshot.dead_man is not None and snapshot.dead_man <= WARNED:
        time = countdown(snapshot.dead_man)
        return (f"no key pressed: all is lifted in {time}", f"press a key: {time}"), "warn"
    if on := snapshot.chaos.on:
        return _faults(on), "fault"
    if (ahead := _ahead(snapshot)) is not None:
        return ahead, "accent"
    told = [m for m in snapshot.markers if m.tail and m.ended is not None]
    if told and snapshot.at - (told[-1].ended or 0.0) < FRESH:
        return _outcome(told[-1]), tail_hue(told[-1].tail)
    return (clean(snapshot.chaos.server),) if snapshot.chaos.server else (), "quiet"


def _faults(on: tuple[tuple[ProxyStatus, Slot], ...]) -> tuple[str, ...]:
    proxy, slot = min(on, key=lambda pair: pair[1].left or float("inf"))
    what = f"{clean(slot.fault)} on {clean(proxy.name)}"
    lifts = f"lifts in {countdown(slot.left)}" if slot.left is not None else "on"
    if len(on) > 1:
        return f"{plural(len(on), 'fault')} on; {what} {lifts}", f"{plural(len(on), 'fault')} on"
    words = clean(brief(slot.toxic)) if slot.toxic is not None else ""
    return f"{what}, {words + ', ' if words else ''}{lifts}", f"{what}, {lifts}", lifts


def _ahead(snapshot: Snapshot) -> tuple[str, ...] | None:
    """The fault of the plan that comes next, where that is soon."""
    slots = [(p, s, s.begins) for p in snapshot.chaos.proxies for s in p.slots]
    coming = [(begins, p, s) for p, s, begins in slots if begins is not None]
    if not coming or not snapshot.chaos.begun:
        return None
    begins, proxy, slot = min(coming, key=lambda each: each[0])
    if begins > SOON:
        return None
    what = f"{clean(slot.fault)} on {clean(proxy.name)}"
    return f"{what} comes in {countdown(begins)}", f"fault in {countdown(begins)}"


def _outcome(marker: Marker) -> tuple[str, ...]:
    number, what, tail = circled(marker.number), clean(marker.what), clean(marker.tail)
    full = f"{number} {what}: {clean(marker.outcome)} · {tail}" if marker.outcome else ""
    return tuple(t for t in (full, f"{number} {what}: {tail}", f"{number} {tail}") if t)


def tail_hue(tail: str) -> Hue:
    """The colour of an outcome in brief."""
    if tail.startswith("back"):
        return "good"
    return "bad" if tail == "not recovered" else "quiet"
