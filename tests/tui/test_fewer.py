from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.fewer import known, reduced
from loadtui.tui.legible import faint
from loadtui.tui.setup import TRUE_COLOUR
from loadtui.tui.theme_file import ROLES, read_themes, theme_dir

DARK = read_themes(theme_dir()).found["dark"].colors
COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def test_with_all_colours_nothing_changes() -> None:
    assert reduced(DARK, TRUE_COLOUR, dark=True) == DARK


def test_of_256_every_colour_is_one_and_grounds_stay_apart() -> None:
    colors = reduced(DARK, 256, dark=True)
    assert set(colors.values()) <= set(known())
    assert len({colors["bg"], colors["tile"], colors["raise"], colors["line"]}) == 4


@given(st.fixed_dictionaries(dict.fromkeys(ROLES, COLOUR)))
def test_with_sixteen_colours_any_theme_can_be_read(colors: dict[str, str]) -> None:
    roles = {role: colors[role] for role in ROLES}
    for dark in (True, False):
        assert list(faint(reduced(roles, 16, dark=dark))) == []
    assert set(reduced(roles, 256, dark=True)) == set(ROLES)
