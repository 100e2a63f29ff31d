from __future__ import annotations

from loadtui.tui.setup import TRUE_COLOUR
from loadtui.tui.theme_file import read_themes, theme_dir
from loadtui.tui.themes import choose, theme

FOUND = read_themes(theme_dir()).found


def test_a_theme_has_a_variable_for_every_role() -> None:
    made = theme(FOUND["light"])
    assert (made.name, made.dark) == ("light", False)
    assert made.variables == FOUND["light"].colors
    assert made.background == FOUND["light"].colors["bg"]
    assert theme(FOUND["light"], 16).variables != made.variables
    assert theme(FOUND["light"], TRUE_COLOUR) == made


def test_which_theme_is_taken() -> None:
    assert choose(None, FOUND, {}) == ("dark", "")
    assert choose("light", FOUND, {}) == ("light", "")
    name, words = choose("neon", FOUND, {})
    assert name == "dark"
    assert "there is no theme 'neon'" in words
    assert "colourblind" in words


def test_mono_is_taken_by_itself_where_no_colour_is_wanted() -> None:
    assert choose(None, FOUND, {"NO_COLOR": "1"}) == ("mono", "")
    assert choose(None, FOUND, {"NO_COLOR": ""}) == ("dark", "")
    assert choose("light", FOUND, {"NO_COLOR": "1"}) == ("light", "")
