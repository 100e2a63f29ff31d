from __future__ import annotations

import pytest
from rich.cells import cell_len

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.charset import drawn
from loadtui.tui.draw.ascii import ASCII
from loadtui.tui.draw.blocks import quadrant
from loadtui.tui.setup import TRUE_COLOUR, Charset, Setup, charset_of, colours_of
from tests.tui.scripted import ScriptedLink
from tests.tui.states import NAMES, snapshot
from tests.tui.text import seen


@pytest.mark.parametrize(
    ("environment", "charset"),
    [
        ({}, "braille"),
        ({"TERM": "xterm-256color", "LANG": "en_US.UTF-8"}, "braille"),
        ({"LANG": "de_DE.utf8"}, "braille"),
        ({"LC_ALL": "", "LC_CTYPE": "C.UTF-8", "LANG": "C"}, "braille"),
        ({"LC_ALL": "C", "LANG": "en_US.UTF-8"}, "ascii"),
        ({"LANG": "de_DE.ISO-8859-1"}, "ascii"),
        ({"TERM": "linux", "LANG": "en_US.UTF-8"}, "ascii"),
    ],
)
def test_the_charset_is_that_of_terminal_and_locale(
    environment: dict[str, str], charset: Charset
) -> None:
    assert charset_of(environment) == charset


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({}, 16),
        ({"TERM": "xterm"}, 16),
        ({"TERM": "xterm-256color"}, 256),
        ({"TERM": "tmux-256color", "COLORTERM": "truecolor"}, TRUE_COLOUR),
        ({"TERM": "xterm-kitty"}, 256),
        ({"TERM": "xterm", "COLORTERM": "24bit", "TEXTUAL_COLOR_SYSTEM": "standard"}, 16),
    ],
)
def test_colours_are_counted_as_the_terminal_tells(
    environment: dict[str, str], colours: int
) -> None:
    assert colours_of(environment) == colours


def test_dots_become_the_quadrants_they_lie_in() -> None:
    assert quadrant(0) == " "
    assert quadrant(0x01) == quadrant(0x02) == "▘"
    assert quadrant(0x80) == "▗"
    assert quadrant(0xFF) == "█"
    assert quadrant(0x01 | 0x20) == "▚"


def test_every_sign_keeps_its_width() -> None:
    text = "⠁⣿ ✓ ① 日本 é 🙂 x"
    for charset in ("braille", "blocks", "ascii"):
        assert cell_len(drawn(text, charset)) == cell_len(text)
    assert drawn(text, "ascii") == ".: v 1 ???? ? ?? x"
    assert drawn(text, "blocks") == "▘█ ✓ ① 日本 é 🙂 x"


@pytest.mark.parametrize("state", NAMES)
@pytest.mark.parametrize("charset", ["blocks", "ascii"])
async def test_charts_signs_dialogs_and_toasts_all_follow(state: str, charset: Charset) -> None:
    app = LoadtuiApp(ScriptedLink(snapshot(state)), Setup(charset=charset))
    async with app.run_test(size=(160, 50), notifications=True) as pilot:
        await pilot.press("a")
        app.notify("✓ done – “well”")
        await pilot.pause()
        await pilot.pause()
        text = seen(app)
        assert not any(0x2800 <= ord(each) < 0x2900 for each in text)
        assert charset == "blocks" or text.isascii()


async def test_every_sign_that_is_painted_has_one_of_ascii() -> None:
    app = LoadtuiApp(ScriptedLink(snapshot("fault")))
    async with app.run_test(size=(160, 50), notifications=True) as pilot:
        app.notify("done", severity="error")
        for key in ("a", "escape", "question_mark", "escape", "ctrl+p"):
            await pilot.press(key)
            await pilot.pause(0.1)
            signs = {each for each in seen(app) if not each.isascii()}
            assert {each for each in signs if ord(each) not in ASCII} == set()
