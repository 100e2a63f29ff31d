from __future__ import annotations

import re
from collections import defaultdict

import pytest

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.draw.cells import Hue
from loadtui.tui.fewer import reduced, sent
from loadtui.tui.legible import ENOUGH, GROUNDS, contrast, faint
from loadtui.tui.setup import TRUE_COLOUR, Colours
from loadtui.tui.theme_file import read_themes, theme_dir
from loadtui.tui.widgets.pane import Pane
from tests.tui.scripted import ScriptedLink
from tests.tui.states import NAMES, snapshot

THEMES = read_themes(theme_dir()).found
DECORATION = "▌▐"
"""Edges of tiles; what they say is said in words beside them."""


def test_contrast_is_that_of_the_guidelines() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#777777") == contrast("#777777", "#ffffff")


@pytest.mark.parametrize("colours", [TRUE_COLOUR, 256, 16])
@pytest.mark.parametrize("name", THEMES)
def test_all_text_can_be_read_on_its_ground(name: str, colours: Colours) -> None:
    palette = THEMES[name]
    colors = reduced(palette.colors, colours, dark=palette.dark)
    shown = {role: sent(each) for role, each in colors.items()} if colours == 256 else colors
    assert list(faint(shown)) == []
    assert set(colors) == set(palette.colors)


def test_what_is_faint_is_named_with_its_contrast() -> None:
    colors = {**THEMES["dark"].colors, "quiet": "#3a4150"}
    assert ("quiet", "bg") in {(text, ground) for text, ground, _ in faint(colors)}
    assert all(ratio < ENOUGH for _, _, ratio in faint(colors))


@pytest.mark.parametrize("state", NAMES)
async def test_the_screen_writes_on_no_other_grounds(state: str) -> None:
    written: dict[tuple[Hue, Hue], str] = defaultdict(str)
    for size in ((160, 50), (80, 24), (40, 10)):
        async with LoadtuiApp(ScriptedLink(snapshot(state))).run_test(size=size) as pilot:
            await pilot.pause()
            await pilot.press("question_mark")
            await pilot.pause()
            for screen in pilot.app.screen_stack:
                for pane in screen.query(Pane):
                    for text, hand in (cell for row in pane._rows for cell in row):
                        if re.search(r"\w|[✓▲✗■●○]", text.strip(DECORATION)):
                            written[hand.fg, hand.bg or pane.ground] = text
    assert written
    assert {each: text for each, text in written.items() if each[1] not in GROUNDS[each[0]]} == {}


@pytest.mark.parametrize("colours", [TRUE_COLOUR, 256, 16])
@pytest.mark.parametrize("name", sorted(set(THEMES) - {"mono"}))
def test_what_you_broke_and_what_failed_never_look_the_same(name: str, colours: Colours) -> None:
    palette = THEMES[name]
    colors = reduced(palette.colors, colours, dark=palette.dark)
    signals = [colors[role] for role in ("fault", "bad", "good")]
    assert len(set(signals)) == 3
    assert colors["bad-tint"] != colors["tile"] or colours == 16
