"""loadtui on a pseudo-terminal that notes when each byte came and interprets it only afterwards.

Interpreting a frame takes the benchmark longer than painting it takes loadtui: done while measuring
it would hold loadtui up and be measured with it.
"""

from __future__ import annotations

import os
import re
import select
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.terminal import Terminal
from tests.support.tmux import environment

SIZE = (160, 50)
LOADTUI = (sys.executable, "-m", "loadtui")


@dataclass(frozen=True)
class Bytes:
    """What one read of the terminal gave, and when (time.monotonic)."""

    at: float
    data: bytes


class Screen(Terminal):
    """A terminal of 160 × 50 with loadtui on it."""

    def __init__(self, words: list[str], home: Path) -> None:
        """Start it, with a home of its own."""
        self.home, self.began = home, time.monotonic()
        super().__init__([*LOADTUI, *words], env=environment(home), size=SIZE)

    def record(self, seconds: float) -> list[Bytes]:
        """Everything that is painted within `seconds`, uninterpreted."""
        out: list[Bytes] = []
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.master], [], [], left)[0]:
                break
            try:
                data = os.read(self.master, 65536)
            except OSError:  # the other end is closed
                break
            out.append(Bytes(time.monotonic(), data))
        return out

    def replay(self, recorded: list[Bytes], until: Callable[[str], object]) -> float | None:
        """Interpret what was recorded; when `until` first became true of the screen, if it did."""
        found = None
        for each in recorded:
            self._stream.feed(each.data)
            if found is None and until(self.text()):
                found = each.at
        return found

    def leave(self) -> None:
        """Quit as an operator would, so that nothing of it is left behind."""
        for key in "qy":
            if self.process.poll() is None:
                self.press(key)
                self.pump(0.3)
        end = time.monotonic() + 30
        while self.process.poll() is None and time.monotonic() < end:
            self.pump(0.1)


@contextmanager
def loadtui(*words: str, file: str = "") -> Iterator[Screen]:
    """A session on a screen for as long as the block lasts; `file`: runs this scenario."""
    with tempfile.TemporaryDirectory(prefix="loadtui-bench-") as folder:
        home = Path(folder)
        if file:
            (home / "scenario.yaml").write_text(file)
            words = ("run", str(home / "scenario.yaml"), *words)
        with Screen([*words], home) as screen:
            yield screen
            screen.leave()


def is_target(target: int, text: str) -> bool:
    """Whether the screen shows this target."""
    return re.search(rf"(?:target|→) {target}\b", text) is not None


def has_requests(text: str) -> bool:
    """Whether requests were counted on the screen."""
    return "RUNNING" in text and re.search(r"[1-9] in all", text) is not None
