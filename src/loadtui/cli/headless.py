"""A session without a screen: one line now and then, until it has ended."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator, Sequence
from typing import TextIO

from loadtui.errors import ExitCode
from loadtui.model import command as c
from loadtui.model.marker import Marker
from loadtui.model.plain import printable
from loadtui.model.snapshot import Snapshot
from loadtui.model.units import duration
from loadtui.session.options import Outcome
from loadtui.session.session import Session

EVERY = 2.0
"""Seconds between two lines of progress."""
QUIET = frozenset({"starting", "setup", "ended"})
"""Phases in which there is no load to tell of."""
LONELY = 1.0
"""Seconds without any worker after which a run is over; a panic from outside is known by then."""


def follow(session: Session, out: TextIO, *, quiet: bool = False) -> Outcome:
    """Print news, and unless `quiet` progress, to `out`; end the session when its load is done;
    return how it ended.
    """
    news, line_due, started = News(session, out), 0.0, False
    shown: Sequence[Marker] = ()
    left_at: float | None = None
    while (outcome := session.wait(0.1)) is None:
        shot = session.latest()
        started = started or shot.active > 0 or shot.total.iterations > 0 or shot.plan != ""
        news.tell()
        for line in () if quiet else of_faults(shown, shot.markers):
            say(out, f"  · {line}")
        shown = shot.markers
        if not quiet and shot.phase not in QUIET and time.monotonic() >= line_due:
            line_due = time.monotonic() + EVERY
            say(out, progress(shot))
        left_at = (left_at or time.monotonic()) if is_left_alone(shot) else None
        if left_at is not None and time.monotonic() - left_at >= LONELY:
            say(out, "  · every worker is lost: the run ends here, unfinished")
            session.send(c.Quit(code=ExitCode.SETUP))
            left_at = float("inf")
        elif started and is_done(shot):
            session.send(c.Quit())
    news.tell()
    return outcome


def of_faults(before: Sequence[Marker], after: Sequence[Marker]) -> Iterator[str]:
    """The faults that were injected or lifted between two looks at the timeline."""
    for index, marker in enumerate(after):
        if marker.kind != "fault":
            continue
        if index >= len(before):
            yield printable(f"injected {marker.what}: {marker.detail}")
        if marker.ended is not None and (index >= len(before) or before[index].open):
            yield printable(
                f"lifted {marker.what}, after {duration(round(marker.ended - marker.at, 1))}"
            )


class News:
    """What a session tells, none left out because another came too soon after it."""

    def __init__(self, session: Session, out: TextIO) -> None:
        """Listen from now on."""
        self._out, self._number = out, 0
        self._waiting: queue.SimpleQueue[str] = queue.SimpleQueue()
        session.subscribe(self._hear)

    def tell(self) -> None:
        """Print what came since the last time."""
        while not self._waiting.empty():
            say(self._out, f"  · {self._waiting.get_nowait()}")

    def _hear(self, shot: Snapshot) -> None:
        if shot.news_number != self._number:
            self._number = shot.news_number
            self._waiting.put(shot.news)


def is_left_alone(shot: Snapshot) -> bool:
    """Whether load is wanted, but every worker is lost and none is being replaced."""
    own = shot.generator
    left = own.workers + own.coming + own.silent
    return shot.phase == "running" and own.wanted > 0 and not left


def is_done(shot: Snapshot) -> bool:
    """Whether nothing runs, and nothing will by itself: no VU, no script to raise it again."""
    if (
        shot.phase in {"starting", "setup", "ending", "ended"}
        or shot.touring
        or shot.driver == "plan"
    ):
        return False
    if shot.generator.state == "lost" and (shot.target or shot.target_rate):
        return False
    return shot.active == 0 and shot.draining == 0


def progress(shot: Snapshot) -> str:
    """One line: time, VUs, rate, p95, failures, faults that are on."""
    now = shot.now
    rate = f"{now.rate:,.0f}" if now.rate is not None else "–"
    p95 = f"{now.p95:,.0f} ms" if now.p95 is not None else "–"
    failed = f"{now.failed:.1%}" if now.failed is not None else "–"
    faults = ", ".join(f"{slot.fault} on {proxy.name}" for proxy, slot in shot.chaos.on)
    clock = f"{int(shot.at) // 60:02d}:{int(shot.at) % 60:02d}"
    line = f"{clock}  {shot.active:>4} VUs  {rate:>7} req/s  p95 {p95:>9}  failed {failed:>6}"
    line += "".join(f"  {printable(each.name)} {each.words}" for each in shot.watched)
    return f"{line}  ▲ {faults}" if faults else line


def say(out: TextIO | None, line: str) -> None:
    """Print a line, if there is anywhere to; what servers and files said in it is only shown."""
    if out is None:
        return
    try:
        out.write(printable(line) + "\n")
        out.flush()
    except (OSError, UnicodeEncodeError):  # a closed pipe or an ASCII terminal must not end a run
        return
