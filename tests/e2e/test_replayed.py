"""A real session of the demo and its journal: every number is the same, on every screen."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from textual.pilot import Pilot

from loadtui.demo.scenario import API_KEY, demo_scenario
from loadtui.demo.system import DemoSystem
from loadtui.model import command as c
from loadtui.model.replay import PlayOrPause, SeekTo
from loadtui.model.result import OUR_STATS
from loadtui.model.snapshot import Snapshot
from loadtui.outputs.summary import summary
from loadtui.session.options import Options, Outcome
from loadtui.session.recording import opened
from loadtui.session.replay import Replay
from loadtui.session.session import Session
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.replay import ReplayApp
from tests.support.real import require_real
from tests.support.tmux import Tmux, environment
from tests.tui.scripted import ScriptedLink
from tests.tui.text import seen

SIZE = (160, 50)
PAYMENTS = ("payments", "latency")


class Watched:
    """A session of the demo, with everything that it showed."""

    def __init__(self, folder: Path) -> None:
        system = DemoSystem(port=None, postgres=None, resilience=True)
        scenario = demo_scenario(target=system.target, api_key=API_KEY)
        self.journal = folder / "demo.ndjson"
        options = Options(
            scenario=msgspec.structs.replace(scenario, proxies=system.proxies),
            workers=1,
            state_dir=folder,
            journal=self.journal,
            step=5,
            own_server=True,
            judged=False,
        )
        self.session = Session(options, system)
        self.shown: list[Snapshot] = []
        self._news = threading.Condition()
        self.session.subscribe(self._see)
        self.session.start()

    def _see(self, snapshot: Snapshot) -> None:
        with self._news:
            self.shown.append(snapshot)
            self._news.notify_all()

    def until(self, is_so: Callable[[Snapshot], object], seconds: float = 60.0) -> Snapshot:
        """Wait for a snapshot of which that is true."""
        with self._news:
            assert self._news.wait_for(
                lambda: is_so(self.shown[-1]) if self.shown else False, seconds
            )
            return self.shown[-1]

    def played(self) -> Outcome:
        """Load, a real fault in the middle, and the end."""
        send = self.session.send
        self.until(lambda s: s.phase == "idle" and s.chaos.proxies)
        send(c.Step(2))
        self.until(lambda s: s.total.requests > 300)
        send(c.Toggle(*PAYMENTS))
        self.until(lambda s: s.chaos.on and s.comparisons and s.comparisons[0].during.requests > 80)
        send(c.AddNote("watch p95"))
        send(c.Toggle(*PAYMENTS))
        self.until(lambda s: s.comparisons[0].after.requests > 100)
        send(c.Quit())
        outcome = self.session.wait(40)
        assert outcome is not None
        return outcome


def panes(text: str) -> list[str]:
    """All but the first line, which says what is replayed, and the keys."""
    return text.splitlines()[1:-1]


async def painted(app: LoadtuiApp, pilot: Pilot[int], shot: Snapshot) -> list[str]:
    """What the screen looks like at that instant."""
    assert app.main is not None
    app.main.take(shot)
    await pilot.pause()
    return panes(seen(app))


async def reached(pilot: Pilot[int], replay: Replay, at: float) -> None:
    """Wait until the replay has gone there, and has been painted."""
    replay.send(SeekTo(at))
    for _ in range(200):
        await pilot.pause(0.02)
        status = replay.latest().replay
        if status is not None and status.at == min(at, status.length):
            await pilot.pause()
            return
    raise AssertionError("the replay did not get there")


@pytest.mark.timeout(120)
async def test_every_screen_of_a_replay_is_one_that_was_live(tmp_path: Path) -> None:
    require_real("postgres")
    watched = Watched(tmp_path)
    outcome = watched.played()
    live = {shot.at: shot for shot in watched.shown}
    live[outcome.final.at] = outcome.final
    with opened(watched.journal) as recording:
        again = recording.outcome(OUR_STATS)
        assert again == outcome
        assert recording.damage.sentences == ()
        times = [*recording.times[4:-1:3], recording.times[-1]]
        replay = Replay(recording, at=times[0])
        replay.send(PlayOrPause())
        replay.start()
        real = LoadtuiApp(ScriptedLink(watched.shown[0]))
        playing = ReplayApp(replay)
        async with real.run_test(size=SIZE) as one, playing.run_test(size=SIZE) as other:
            for at in times:
                await reached(other, replay, at)
                shot = replay.latest()
                assert panes(seen(playing)) == await painted(real, one, live[shot.at])
            text = "\n".join(panes(seen(playing)))
            await other.press("q")
        replay.join()
    assert "latency payments" in text
    assert re.search(r"requests +n=\d+ +n=\d+ +n=\d+", text)
    assert told(again) == told(outcome)


def told(outcome: Outcome) -> str:
    """The summary, every metric of it."""
    return summary(outcome.final, outcome.points, width=100, colour=False, unicode=True)


@pytest.mark.timeout(120)
def test_where_it_ends_it_tells_how_to_see_it_again(tmp_path: Path) -> None:
    for name in ("postgres", "tmux"):
        require_real(name)
    env = environment(tmp_path)
    command = [sys.executable, "-m", "loadtui"]
    with Tmux("again", [*command, "demo"], env=env, size=SIZE) as terminal:
        terminal.wait(lambda s: "Nothing is running" in s, seconds=60, what="idle")
        terminal.press("+")
        terminal.wait(lambda s: "target 5" in s and "in all" in s, seconds=20, what="load")
        terminal.press("q", "y")
        end = terminal.wait(lambda s: "exit code: 0" in s, seconds=30, what="the end")
    (told,) = re.findall(r"loadtui replay (\S+)", end)
    words = [*command, "replay", told, "--speed", "0.5"]
    with Tmux("replay", words, env=env, size=SIZE) as terminal:
        terminal.wait(lambda s: "REPLAY ×0.5" in s, seconds=20, what="the replay")
        terminal.press("+")
        terminal.wait(lambda s: "This is a replay" in s, seconds=5, what="the refusal")
        terminal.press("End")
        terminal.wait(lambda s: "REPLAY END" in s, seconds=20, what="its end")
        terminal.press("q")
        terminal.wait(lambda s: "exit code: 0" in s, seconds=10, what="leaving")
