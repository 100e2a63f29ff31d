"""By keyboard alone: every pane and field is reached, none holds on, every command is offered."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.keys import ALL_KEYS, KEYS
from loadtui.tui.widgets.pane import Pane
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot

SIZES = [(160, 50), (120, 36), (100, 30), (80, 24), (60, 16)]


def can_be_seen(app: LoadtuiApp) -> set[str]:
    """The panes that take the focus and have a place."""
    return {
        str(pane.id)
        for pane in app.screen.query(Pane)
        if pane.can_focus and pane.display and pane.size.area and pane.region.area
    }


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_tab_goes_round_all_panes_and_back(size: tuple[int, int]) -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")))
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        there = can_be_seen(app)
        assert str(app.focused.id) in there if app.focused else False
        rounds: dict[str, list[str]] = {"tab": [], "shift+tab": []}
        for key, met in rounds.items():
            for _ in there:
                await pilot.press(key)
                assert app.focused is not None
                met.append(str(app.focused.id))
        assert set(rounds["tab"]) == set(rounds["shift+tab"]) == there
        last = rounds["tab"][-1]
        assert rounds["shift+tab"] == [*rounds["tab"][-2::-1], last]


@pytest.mark.parametrize("opens", ["a", "enter"])
async def test_tab_goes_round_every_dialog_and_escape_leaves_it(opens: str) -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(opens)
        await pilot.pause()
        fields = {w for w in app.screen.query("*") if w.focusable and w.display}
        assert any(isinstance(field, Input) for field in fields)
        met = set()
        for _ in fields:
            await pilot.press("tab")
            met.add(app.focused)
        assert met == fields
        for key in ("tab", "shift+tab"):
            await pilot.press(key)
            assert app.focused in fields
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


@pytest.mark.parametrize("opens", ["colon", "n"])
async def test_a_line_to_type_into_is_left_by_escape_to_a_pane(opens: str) -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(opens)
        await pilot.pause()
        assert isinstance(app.focused, Input)
        await pilot.press("escape")
        await pilot.pause()
        assert isinstance(app.focused, Pane)


async def test_the_palette_offers_every_command_that_makes_sense() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("tour")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        titles = {command.title for command in app.get_system_commands(app.screen)}
        without = {"yes", "no", "palette", "rearm", "restart"}
        assert {key.tip.rstrip(".") for key in KEYS if key.id not in without} <= titles


def test_every_command_has_a_key() -> None:
    assert all(key.keys for key in ALL_KEYS)
