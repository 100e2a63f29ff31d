from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.model.command import Spike
from loadtui.tui.application import LoadtuiApp
from loadtui.tui.keys import KEYS, found
from loadtui.tui.setup import Setup
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen, spot


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("spike", ["spike"]),
        ("PANIC", ["panic", "panic-anywhere", "rearm"]),
        ("f9", ["panic-anywhere"]),
        ("write timeline", ["note"]),
        ("xyzzy", []),
    ],
)
def test_words_find_the_keys_that_are_about_them(words: str, ids: list[str]) -> None:
    assert [key.id for key in found(KEYS, words, {})] == ids


def test_no_words_find_all_and_ones_own_key_is_found() -> None:
    assert found(KEYS, "  ", {}) == KEYS
    assert [key.id for key in found(KEYS, "F12", {"spike": "f12"})] == ["spike"]


async def test_help_is_searched_and_escape_leaves_it() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 44)) as pilot:
        await pilot.press("question_mark")
        await pilot.pause()
        assert "freeze the display" in seen(app)
        await pilot.press("slash", *"xspike")
        await pilot.pause()
        assert "no key is about that" in seen(app)
        assert link.sent == []
        await pilot.press(*(["backspace"] * 6), *"freeze")
        await pilot.pause()
        assert "freeze the display" in seen(app)
        assert "ten steps up, down" not in seen(app)
        await pilot.press("escape")
        await pilot.pause()
        assert len(app.screen_stack) == 1


async def test_a_key_in_the_help_can_be_clicked() -> None:
    link = ScriptedLink(snapshot("steady"))
    app = LoadtuiApp(link)
    async with app.run_test(size=(120, 44)) as pilot:
        await pilot.press("question_mark", "slash", *"spike")
        await pilot.pause()
        await pilot.click(offset=await spot(pilot, "s   spike"))
        await pilot.pause()
        assert link.sent == [Spike()]
        assert len(app.screen_stack) == 1


async def test_ones_own_key_for_help_closes_it_too(tmp_path: Path) -> None:
    (tmp_path / "keymap.yaml").write_text("help: f2\n", encoding="utf-8")
    app = LoadtuiApp(ScriptedLink(snapshot("steady")), Setup(home=tmp_path))
    async with app.run_test(size=(120, 44)) as pilot:
        for stack in (2, 1):
            await pilot.press("f2")
            await pilot.pause()
            assert len(app.screen_stack) == stack
