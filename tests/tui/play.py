"""Run the real screen in the terminal at hand on the fake system: `python -m tests.tui.play`.

With the name of a state as argument it shows that state and stands still; without, the system
lives, and load, spike, the first fault and panic do what their keys say. `broken` fails on purpose.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import msgspec

from loadtui.model.command import (
    AnyCommand,
    LiftAll,
    Panic,
    Quit,
    SetTarget,
    Spike,
    Step,
    Toggle,
    TogglePause,
)
from loadtui.model.snapshot import Snapshot
from loadtui.tui.app import run
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.story import TICK, Story, idle


class Standing(ScriptedLink):
    """One state; only what makes it safe and what ends it is done."""

    def send(self, command: AnyCommand) -> None:
        """Lift, pause or end, at once."""
        super().send(command)
        chaos = self.latest().chaos
        match command:
            case LiftAll():
                self.change(chaos=msgspec.structs.replace(chaos, proxies=()))
            case TogglePause():
                self.change(phase="paused")
            case Quit():
                self.change(phase="ended")
            case _:
                pass


class Living(ScriptedLink):
    """The story, a quarter of a second at a time, on a thread of its own."""

    def __init__(self, story: Story) -> None:
        """Start it."""
        super().__init__(story.snapshot())
        self._story, self._lock, self._over = story, threading.Lock(), threading.Event()
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while not self._over.wait(TICK):
            with self._lock:
                now = self._story.until(self._story.at + TICK).snapshot()
            self.show(now)

    def send(self, command: AnyCommand) -> None:
        """Do what can be done here, and publish at once."""
        with self._lock:
            self._act(command)
            now = self._story.snapshot()
        if isinstance(command, Quit):
            self._over.set()
            now = msgspec.structs.replace(now, phase="ended")
        self.show(now)

    def _act(self, command: AnyCommand) -> None:
        story = self._story
        match command:
            case Step(steps=steps):
                story.aim(max(0, story.target + 10 * steps))
            case SetTarget(target=target):
                story.aim(target)
            case Spike():
                story.surge(3, 10)
            case Toggle() if story.fault is not None and story.fault.open:
                story.lift()
            case Toggle():
                story.lifted = None
                story.inject()
            case LiftAll():
                story.lift()
            case Panic():
                story.stop_all()
            case _:
                pass


def _broken() -> Snapshot:
    return msgspec.structs.replace(snapshot("fault"), markers=(None,))


def main(arguments: list[str]) -> int:
    """Show the screen; return what it returns."""
    theme = next((a.removeprefix("--theme=") for a in arguments if a.startswith("--theme=")), None)
    record = next((Path(a[9:]) for a in arguments if a.startswith("--record=")), None)
    setup = Setup(theme=theme, presenter="--presenter" in arguments, record=record)
    names = [a for a in arguments if not a.startswith("--")]
    if not names:
        return run(Living(idle()), setup).code
    shown = _broken() if names[0] == "broken" else snapshot(names[0])
    return run(Standing(shown), setup).code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
