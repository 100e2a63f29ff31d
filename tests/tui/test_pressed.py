"""One test a key, from the table of keys: pressed, each sends its command or changes the screen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from loadtui.model.command import (
    AddBookmark,
    AnyCommand,
    Confirm,
    Decline,
    HandBack,
    LiftAll,
    MarkBaseline,
    Panic,
    Quit,
    Rearm,
    RestartServer,
    Skip,
    Spike,
    Step,
    StopLoad,
    Strengthen,
    SwitchMode,
    Toggle,
    TogglePause,
    ToggleTour,
    Watch,
    Zero,
)
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.keys import KEYS, Key
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen

SENDS: dict[str, tuple[str, tuple[AnyCommand, ...]]] = {
    "up": ("steady", (Step(1),)),
    "down": ("steady", (Step(-1),)),
    "up-ten": ("steady", (Step(10),)),
    "down-ten": ("steady", (Step(-10),)),
    "spike": ("idle", (Spike(),)),
    "mode": ("steady", (SwitchMode(),)),
    "hand-back": ("steady", (HandBack(),)),
    "pause": ("steady", (TogglePause(),)),
    "zero": ("steady", (Zero(),)),
    "toggle": ("steady", (Toggle("payments", "latency"),)),
    "skip": ("timed", (Skip("payments", "latency"),)),
    "weaker": ("steady", (Strengthen("payments", "latency", -1),)),
    "stronger": ("steady", (Strengthen("payments", "latency", 1),)),
    "panic": ("fault", (Panic("key"),)),
    "panic-anywhere": ("fault", (Panic("key"),)),
    "rearm": ("panic", (Rearm(),)),
    "restart": ("stuck", (RestartServer(),)),
    "bookmark": ("steady", (AddBookmark(),)),
    "baseline": ("steady", (MarkBaseline(),)),
    "heat": ("steady", (Watch("", heat=True),)),
    "only": ("steady", (Watch("create_order"),)),
    "tour": ("tour", (ToggleTour(),)),
    "yes": ("question", (Confirm(),)),
    "no": ("question", (Decline(),)),
    "quit": ("idle", (Quit(),)),
    "interrupt": ("fault", (StopLoad(), LiftAll())),
}
SHOWS: dict[str, tuple[str, tuple[int, int], Callable[[str], bool]]] = {
    "target": ("steady", (120, 40), lambda text: "0 to 1000 virtual users" in text),
    "note": ("steady", (120, 40), lambda text: "what everybody should see" in text),
    "previous": ("steady", (120, 40), lambda text: "▌ ○─ latency" in text),
    "next": ("steady", (120, 40), lambda text: "▌ ○─ timeout" in text),
    "edit": ("steady", (120, 40), lambda text: "edit the fault" in text),
    "add": ("steady", (120, 40), lambda text: "add a fault" in text),
    "chart": ("steady", (80, 24), lambda text: "c 2/3" in text),
    "pane": ("steady", (80, 24), lambda text: "VUs up" in text),
    "log": ("steady", (120, 40), lambda text: "2min lin" in text),
    "explore": ("steady", (120, 40), lambda text: "p95 ms against time" in text),
    "zoom-in": ("steady", (120, 40), lambda text: "30s log" in text and "−30\u00a0s" in text),
    "zoom-out": ("steady", (120, 40), lambda text: "10min log" in text and "−10\u00a0min" in text),
    "freeze": ("steady", (120, 40), lambda text: " FROZEN " in text),
    "present": ("steady", (120, 40), lambda text: "http://127.0.0.1:3000" not in text),
    "theme": ("steady", (120, 40), lambda text: "colourblind" in text),
    "help": ("steady", (120, 40), lambda text: "freeze the display" in text),
    "palette": ("steady", (120, 40), lambda text: "Search" in text),
}
ELSEWHERE = {"focus-next", "focus-previous", "suspend"}
"""Tested by tests of their own."""


def test_every_key_is_tested() -> None:
    assert set(SENDS) | set(SHOWS) | ELSEWHERE == {key.id for key in KEYS}


def by_id(name: str) -> Key:
    return next(key for key in KEYS if key.id == name)


@pytest.mark.parametrize("name", SENDS)
async def test_it_sends_its_command(name: str) -> None:
    state, commands = SENDS[name]
    names = by_id(name).keys.split(",")
    link = ScriptedLink(snapshot(state))
    async with LoadtuiApp(link).run_test(size=(80, 24)) as pilot:
        await pilot.press(*names)
        assert tuple(link.sent) == commands * len(names)


@pytest.mark.parametrize("name", SHOWS)
async def test_it_changes_the_screen_and_sends_nothing(name: str) -> None:
    state, size, is_there = SHOWS[name]
    for pressed in by_id(name).keys.split(","):
        link = ScriptedLink(snapshot(state))
        app = LoadtuiApp(link)
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            if name != "previous":
                assert not is_there(seen(app))
            await pilot.press(pressed)
            await pilot.pause()
            assert is_there(seen(app)), seen(app)
            assert link.sent == []


async def test_a_key_without_an_occasion_does_nothing() -> None:
    link = ScriptedLink(snapshot("steady"))
    async with LoadtuiApp(link).run_test(size=(80, 24)) as pilot:
        await pilot.press("d", "r", "R", "y", "escape")
        assert link.sent == []


async def focus(pilot: Pilot[Any]) -> str:
    await pilot.pause()
    focused = pilot.app.focused
    return focused.id or "" if focused is not None else ""


async def test_tab_goes_through_the_panes_and_back() -> None:
    async with LoadtuiApp(ScriptedLink(snapshot("steady"))).run_test(size=(160, 50)) as pilot:
        assert await focus(pilot) == "chaos"
        await pilot.press("tab")
        assert await focus(pilot) == "timeline"
        await pilot.press("shift+tab", "shift+tab")
        assert await focus(pilot) == "endpoints"


async def test_up_and_down_scroll_the_focused_pane() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("after")))
    async with app.run_test(size=(100, 24)) as pilot:
        await pilot.press("tab")
        assert await focus(pilot) == "timeline"
        await pilot.press(*["down"] * 6)
        assert "VUs up" in seen(app)
        await pilot.press("up", "up", "up", "up")
        await pilot.pause()
        assert "VUs up" not in seen(app)


async def test_in_a_chart_the_arrows_move_a_cursor_and_escape_takes_it_away() -> None:
    link = ScriptedLink(snapshot("fault"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        app.screen.query_one("#latency").focus()
        await pilot.press("left", "left", "left")
        await pilot.pause()
        assert "−3 s" in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert "−3 s" not in seen(app)
        assert link.sent == []


async def test_a_users_own_key_works_instead(tmp_path: Path) -> None:
    (tmp_path / "keymap.yaml").write_text("spike: K\n", encoding="utf-8")
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link, Setup(home=tmp_path))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("s", "K")
        assert link.sent == [Spike()]
        assert "K spike" in seen(app)
