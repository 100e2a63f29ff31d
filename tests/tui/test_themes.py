from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from textual.color import Color

from loadtui.tui.themes import choose, load_themes, theme_dir

FOUND = load_themes(theme_dir())
GOOD = (theme_dir() / "dark.yaml").read_text(encoding="utf-8")


def test_six_themes_come_with_it_and_all_are_whole() -> None:
    assert set(FOUND.names) == {"colourblind", "contrast", "dark", "light", "mono", "presenter"}
    assert FOUND.problems == ()


@pytest.mark.parametrize("theme", FOUND.themes, ids=lambda theme: theme.name)
def test_everything_can_be_read_on_its_ground(theme: object) -> None:
    colours = theme.variables  # type: ignore[attr-defined]  # a Theme, made by us
    for ink, ground in product(("ink", "accent", "fault", "bad", "good", "p95"), ("bg", "tile")):
        contrast = _contrast(colours[ink], colours[ground])
        assert contrast >= 4.5, f"{ink} on {ground}: {contrast:.1f}"
    for ground in ("bg", "tile"):
        assert _contrast(colours["quiet"], colours[ground]) >= 4.5
    assert _contrast(colours["bad"], colours["bad-tint"]) >= 4.0


def _contrast(one: str, other: str) -> float:
    """The contrast ratio of WCAG 2.2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [channel / 255 for channel in Color.parse(colour).rgb]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name: [", "line 1: it is not YAML"),
        ("- a\n", "exactly name, dark and colors"),
        ("name: x\ndark: true\n", "exactly name, dark and colors"),
        (GOOD.replace("name: dark", "name: 7"), "name must be a word"),
        (GOOD.replace("dark: true", "dark: maybe"), "dark must be true or false"),
        (GOOD.replace("  ink:", "  inq:"), "colors lacks ink"),
        (GOOD + "  extra: '#000000'\n", "colors knows no extra"),
        (GOOD.replace('"#e8edf5"', '"#e8edfg"'), "ink is no colour"),
        (GOOD.replace('"#e8edf5"', "7"), "ink is no colour"),
        ("\x00", "it is not YAML"),
    ],
)
def test_a_bad_file_is_left_out_and_says_why(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    found = load_themes(theme_dir(), tmp_path)
    assert found.names == FOUND.names
    assert len(found.problems) == 1
    assert found.problems[0].startswith("theme mine.yaml left out: ")
    assert words in found.problems[0]


def test_a_file_that_is_not_text_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"\xff\xfe\x00")
    assert "cannot be read" in load_themes(tmp_path).problems[0]


def test_ones_own_theme_replaces_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "dark.yaml").write_text(GOOD.replace("#e8edf5", "#ffffff"), encoding="utf-8")
    found = load_themes(theme_dir(), tmp_path)
    dark = next(theme for theme in found.themes if theme.name == "dark")
    assert dark.variables["ink"] == "#ffffff"


def test_which_theme_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    assert choose(None, FOUND) == ("dark", "")
    assert choose("light", FOUND) == ("light", "")
    name, words = choose("neon", FOUND)
    assert name == "dark"
    assert "there is no theme 'neon'" in words
    assert "colourblind" in words
    monkeypatch.setenv("NO_COLOR", "1")
    assert choose(None, FOUND) == ("mono", "")
    assert choose("light", FOUND) == ("light", "")
