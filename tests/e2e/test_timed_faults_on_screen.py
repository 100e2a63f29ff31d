"""Faults that come by themselves, on the screen: they count down, and hands come first."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.e2e.strangers import proxies, somebodys_server
from tests.support.real import require_real
from tests.support.timed_scenario import timed
from tests.support.tmux import Tmux, environment

BY_HAND = """early: {proxy: mine, toxic: latency, attributes: {latency: 50}, at: 100s, for: 2s}
    later: {proxy: mine, toxic: latency, attributes: {latency: 60}, at: 110s}
    soon: {proxy: mine, toxic: latency, attributes: {latency: 70}, at: 8s, for: 3s}"""


@pytest.mark.timeout(90)
def test_on_the_screen_they_count_down_and_hands_come_first(tmp_path: Path) -> None:
    require_real("tmux")
    with somebodys_server("embedded") as server:
        file = tmp_path / timed(tmp_path, server, BY_HAND, lasts="3m")
        words = [sys.executable, "-m", "loadtui", "run", str(file)]
        with Tmux("timed", words, env=environment(tmp_path), size=(160, 50)) as terminal:
            terminal.wait(lambda s: "at 1:40" in s, seconds=20, what="its time before the plan")
            terminal.press("h")
            terminal.wait(lambda s: re.search(r"early .*in 1:3\d", s), seconds=8, what="countdown")
            terminal.press("Down", "k")
            terminal.wait(lambda s: re.search(r"later .*skipped", s), seconds=5, what="skipped")
            terminal.press("Up", "Space")
            terminal.wait(lambda s: "early mine" in s, seconds=5, what="on")
            assert [t["name"] for t in proxies(server)["mine"]["toxics"]] == ["early"]
            terminal.wait(lambda s: "ran out" in s, seconds=8, what="lifted after its two seconds")
            terminal.wait(lambda s: "soon on mine comes in" in s, seconds=12, what="news")
            terminal.wait(lambda s: "FAULT ON" in s, seconds=12, what="the plan injects")
            terminal.press("x")
            terminal.wait(lambda s: "fault lifted, verified" in s, seconds=8, what="panic")
            terminal.press("r")
            terminal.wait(lambda s: "re-armed" in s and "planned" not in s, seconds=8, what="none")
            assert proxies(server)["mine"]["toxics"] == []
            terminal.press("q")
            terminal.wait(lambda s: "exit code: 0" in s, seconds=20, what="the end")
