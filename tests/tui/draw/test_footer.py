from __future__ import annotations

import pytest

from loadtui.tui.draw.cells import row_width, words_of
from loadtui.tui.draw.footer import footer
from loadtui.tui.draw.help import help_rows
from loadtui.tui.keys import KEYS, shown
from tests.tui.text import page, widest


def test_what_matters_most_stays_longest() -> None:
    text = words_of(footer(shown(), 60)[0])
    assert "x PANIC" in text
    assert "+ - up, down" in text
    assert "space fault on/off" in text
    assert "palette" not in text
    assert "^p palette" in words_of(footer(shown(), 200)[0])


@pytest.mark.parametrize("cells", range(0, 200, 7))
def test_the_line_is_never_wider_than_the_screen(cells: int) -> None:
    assert row_width(footer(shown(), cells)[0]) <= cells + 3


def test_every_entry_knows_where_it_is() -> None:
    row, spots = footer(shown(), 160)
    text = words_of(row)
    for start, end, entry in spots:
        assert text[start:end] == f"{entry.signs} {entry.words}"


@pytest.mark.parametrize("cells", [20, 40, 56, 76, 100])
def test_help_names_every_key_at_every_width(cells: int) -> None:
    text = page(help_rows({}, cells))
    assert widest(help_rows({}, cells)) <= max(cells, 76)
    if cells >= 40:
        for key in KEYS:
            assert key.words in text


def test_help_shows_a_users_own_keys() -> None:
    assert "^s" in page(help_rows({"spike": "ctrl+s"}, 76))
