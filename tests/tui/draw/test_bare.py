from __future__ import annotations

import pytest

from loadtui.tui.draw.bare import bare
from loadtui.tui.draw.cells import row_width
from tests.tui.states import NAMES, snapshot
from tests.tui.text import page


def test_numbers_and_the_panic_key() -> None:
    text = page(bare(snapshot("fault"), 50, 11))
    for words in ("VUs", "120 / 120", "req/s", "p95", "✗", "errors", "faults", "x PANIC"):
        assert words in text


def test_in_very_few_rows_state_and_panic_come_first() -> None:
    text = page(bare(snapshot("fault"), 20, 2)).splitlines()
    assert "FAULT ON" in text[0]
    assert "x PANIC" in text[1]


def test_after_a_panic_the_key_is_the_one_that_re_arms() -> None:
    assert "r re-arm" in page(bare(snapshot("panic"), 40, 11))


@pytest.mark.parametrize("state", NAMES)
@pytest.mark.parametrize("size", [(0, 0), (1, 1), (2, 9), (9, 2), (20, 5), (50, 12)])
def test_no_size_breaks_it(state: str, size: tuple[int, int]) -> None:
    rows = bare(snapshot(state), *size)
    assert len(rows) <= size[1]
    assert all(row_width(row) <= size[0] for row in rows[1:])
