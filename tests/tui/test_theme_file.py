from __future__ import annotations

from pathlib import Path

import pytest

from loadtui.tui.application import LoadtuiApp
from loadtui.tui.setup import Setup
from loadtui.tui.theme_file import read_themes, theme_dir
from tests.tui.scripted import ScriptedLink
from tests.tui.states import snapshot
from tests.tui.text import seen

FOUND = read_themes(theme_dir())
GOOD = (theme_dir() / "dark.yaml").read_text(encoding="utf-8")


def test_six_themes_come_with_it_and_all_are_whole() -> None:
    assert set(FOUND.found) == {"colourblind", "contrast", "dark", "light", "mono", "presenter"}
    assert FOUND.problems == ()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "1:1: the file is empty; write name:, dark: and colors:"),
        ("name: [", "1:8: "),
        ("- a\n", "1:1: a theme is a mapping of keys; write name:, dark: and colors:"),
        ("name: x\ndark: true\n", "1:1: a theme lacks colors; "),
        (GOOD.replace("name: dark", "name: 7"), "1:7: name is not a word; "),
        (GOOD.replace("name: dark", 'name: "a b"'), "1:7: name is not a word; "),
        (GOOD.replace("dark: true", "dark: maybe"), "2:7: dark is true or false; "),
        (GOOD + "  extra: '#000000'\n", "24:3: colors has no extra; known: accent, "),
        (GOOD.replace('"#e8edf5"', '"#e8edfg"'), "8:8: ink is no colour; write six "),
        (GOOD.replace('"#e8edf5"', "#e8edf5"), "8:3: ink is no colour; write six "),
        (GOOD.replace('"#e8edf5"', "7"), "8:8: ink is no colour; "),
        (GOOD.replace('"#e8edf5"', "red"), "8:8: ink is no colour; "),
        ("name: x\ndark: true\ncolors: red\n", "3:9: colors is a mapping of roles; "),
        ("\x00", "1:1: the control character U+0000"),
    ],
)
def test_a_bad_file_is_left_out_and_says_why_and_where(
    tmp_path: Path, text: str, problem: str
) -> None:
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    found = read_themes(theme_dir(), tmp_path)
    assert set(found.found) == set(FOUND.found)
    assert len(found.problems) == 1
    assert found.problems[0].startswith(f"{tmp_path}/mine.yaml:{problem}")


def test_a_misspelt_role_is_told_with_the_one_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(GOOD.replace("  quiet:", "  quite:"), encoding="utf-8")
    lines = [line.partition("mine.yaml:")[2] for line in read_themes(tmp_path).problems]
    assert lines == [
        "3:1: colors lacks quiet; add what is missing",
        "9:3: colors has no quite; did you mean quiet?",
    ]


def test_a_file_that_is_not_text_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_bytes(b"name: x\n\xff\xfe\x00")
    assert "mine.yaml:2:1: this is not UTF-8 text" in read_themes(tmp_path).problems[0]


def test_ones_own_theme_replaces_one_of_the_same_name(tmp_path: Path) -> None:
    (tmp_path / "dark.yaml").write_text(GOOD.replace("#e8edf5", "#ffffff"), encoding="utf-8")
    found = read_themes(theme_dir(), tmp_path)
    assert found.found["dark"].colors["ink"] == "#ffffff"
    assert len(found.found) == 6


async def test_ones_own_theme_is_worn_and_a_broken_one_is_a_toast(tmp_path: Path) -> None:
    themes = tmp_path / "themes"
    themes.mkdir()
    (themes / "mine.yaml").write_text(GOOD.replace("name: dark", "name: mine"), encoding="utf-8")
    (themes / "broken.yaml").write_text(GOOD.replace('"#0e1117"', '"no [red]"'), encoding="utf-8")
    app = LoadtuiApp(ScriptedLink(snapshot("steady")), Setup(home=tmp_path, theme="mine"))
    async with app.run_test(size=(120, 40), notifications=True) as pilot:
        await pilot.pause()
        assert app.theme == "mine"
        assert "themes/broken.yaml:4:7: bg is no colour" in seen(app)
