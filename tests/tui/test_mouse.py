from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.model.command import AnyCommand, Confirm, Decline, Rearm, RestartServer, Step
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen, spot


@pytest.mark.parametrize(
    ("state", "text", "command"),
    [
        ("question", "y yes", Confirm()),
        ("question", "esc no", Decline()),
        ("panic", "r re-arm", Rearm()),
        ("stuck", "R restarts it", RestartServer()),
        ("idle", "+   add", Step(1)),
    ],
)
async def test_a_key_that_is_told_of_can_be_clicked(
    state: str, text: str, command: AnyCommand
) -> None:
    link = ScriptedLink(snapshot(state))
    app = LoadtuiApp(link)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(offset=await spot(pilot, text))
        assert link.sent == [command]


async def test_tabs_turn_charts_and_panes() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("steady")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.click(offset=await spot(pilot, "c 1/3"))
        await pilot.pause()
        await pilot.click(offset=await spot(pilot, "v  timeline"))
        await pilot.pause()
        assert "c 2/3" in seen(app)
        assert "v  chaos" in seen(app)


async def test_the_wheel_chooses_faults_and_a_click_on_the_load_types_a_target() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        first = app.screen.query_one("#chaos").choice  # type: ignore[attr-defined]
        await pilot._post_mouse_events([_down()], "#chaos", button=0)
        assert app.screen.query_one("#chaos").choice != first  # type: ignore[attr-defined]
        await pilot.click("#tile-vus")
        await pilot.pause()
        assert "0 to 1000 virtual users" in seen(app)
        assert link.sent == []


def _down() -> type:
    from textual.events import MouseScrollDown

    return MouseScrollDown


async def test_dialogs_are_submitted_and_left_by_clicks() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("a")
        await pilot.pause()
        await pilot.click(offset=(1, 1))
        await pilot.pause()
        assert len(app.screen_stack) == 1
        await pilot.press("a")
        await pilot.pause()
        await pilot.click(offset=await spot(pilot, "inject"))
        await pilot.pause()
        assert len(app.screen_stack) == 1
        assert len(link.sent) == 1


async def test_ones_own_keys_are_told_of_everywhere(tmp_path: Path) -> None:
    text = "yes: ctrl+y\nno: f4\npanic-anywhere: f8\nrearm: ctrl+r\n"
    text += "up: K\nchart: ctrl+c\ninterrupt: f3\npane: w\n"
    (tmp_path / "keymap.yaml").write_text(text, encoding="utf-8")
    told = {"question": ["^y yes", "F4 no"], "panic": ["^r re-arm"], "idle": ["K   add", "w  "]}
    for state, words in told.items():
        app = LoadtuiApp(ScriptedLink(snapshot(state)), Setup(home=tmp_path))
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert all(each in seen(app) for each in words), seen(app)
            assert "^c 1/3" in seen(app)
            await pilot.press("a" if state != "panic" else "enter")
            await pilot.pause()
            assert "F8 PANIC works here too" in seen(app)
            await pilot.press("escape")
            titles = {each.title: each.help for each in app.get_system_commands(app.screen)}
            assert titles["One step more virtual users, or starts per second"] == "key K"
