"""Who blocks a worker's loop: looked for from a thread beside it, where there are journeys."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from types import FrameType

from loadtui.load.journey_import import own_frames

EVERY = 0.05
"""Seconds between two looks."""
BLOCKED = 0.1
"""Seconds without a turn of the loop that are told."""
STUCK = 1.0
"""Seconds after which the operator is told although the loop still stands."""

ADVICE = "use await vu.sleep(), not time.sleep(), and no long work between two awaits"


class BlockWatch:
    """Names the line of a journey that keeps the loop from turning, once for each.

    `say` is called in the loop, when it turns again; `say_apart` in the thread, while it stands.
    Only a call of the author's that is seen at two looks in a row, without a turn between them, is
    named: a loop that is merely busy has a different one each time.
    """

    def __init__(
        self,
        folders: Iterable[str],
        clock: Callable[[], float],
        say: Callable[[str], None],
        say_apart: Callable[[str], None],
    ) -> None:
        """Nothing is watched yet; must be made in the loop's thread."""
        self._folders = tuple(folders)
        self._clock, self._say, self._say_apart = clock, say, say_apart
        self._loop = asyncio.get_running_loop()
        self._ident = threading.get_ident()
        self._is_over = threading.Event()
        self._asked_at: float | None = None
        self._call: tuple[int, str] | None = None
        self._place = ""
        self._told: set[str] = set()

    def start(self) -> None:
        """Begin to watch."""
        threading.Thread(target=self._watch, name="blocked", daemon=True).start()

    def stop(self) -> None:
        """Watch no more."""
        self._is_over.set()

    # -- in the thread -----------------------------------------------------------------------

    def _watch(self) -> None:
        while not self._is_over.wait(EVERY):
            asked_at = self._asked_at
            if asked_at is not None:
                self._look(self._clock() - asked_at)
                continue
            self._call, self._place = None, ""
            self._asked_at = self._clock()
            try:
                self._loop.call_soon_threadsafe(self._turned)
            except RuntimeError:  # the loop is closed
                return

    def _look(self, lasted: float) -> None:
        frames = own_frames(sys._current_frames().get(self._ident), self._folders)  # noqa: SLF001
        if not frames:
            self._call = None
            return
        call = id(frames[-1]), frames[-1].f_code.co_name
        if call == self._call:
            self._place = self._place or _place(frames[0])
        self._call = call
        if lasted > STUCK and self._is_news():
            self._say_apart(self._sentence(f"has blocked the loop for {lasted:.1f} s"))

    # -- in the loop -------------------------------------------------------------------------

    def _turned(self) -> None:
        asked_at, self._asked_at = self._asked_at, None
        if asked_at is None:
            return
        lasted = self._clock() - asked_at
        if lasted > BLOCKED and self._is_news():
            self._say(self._sentence(f"blocked the loop for {lasted * 1e3:.0f} ms"))

    def _is_news(self) -> bool:
        if not self._place or self._place in self._told:
            return False
        self._told.add(self._place)
        return True

    def _sentence(self, what: str) -> str:
        return f"journey {self._place} {what}: {ADVICE}"


def _place(frame: FrameType) -> str:
    code = frame.f_code
    return f"{Path(code.co_filename).name}:{frame.f_lineno} (in {code.co_name})"
