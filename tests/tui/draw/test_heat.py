from __future__ import annotations

from loadtui.model.history import Heat, shelf_ms
from loadtui.tui.draw import heat
from loadtui.tui.draw.axis import axis
from loadtui.tui.draw.cells import Cell, pen
from loadtui.tui.draw.chart import chart
from loadtui.tui.draw.charts import LATENCY
from tests.tui.draw.test_chart import feed
from tests.tui.states import snapshot
from tests.tui.text import hues, lines

TIME = axis(100.0, 60)


def test_no_request_is_lost_between_cells() -> None:
    found = heat.counts((Heat(99.0, {40: 3}), Heat(99.4, {40: 4})), TIME, lambda _: 5)
    assert sum(found.values()) == 7


def test_a_coarse_column_is_spread_over_its_cells() -> None:
    found = heat.counts((Heat(90.0, {40: 60}, span=10.0),), TIME, lambda _: 5)
    assert len(found) >= 5
    assert round(sum(found.values())) == 60


def test_more_requests_are_another_sign() -> None:
    def sign(count: float) -> str:
        row: list[Cell] = [(" ", pen())]
        heat.overlay(row, 0, {(0, 0): count}, 1000.0, None)
        return row[0][0]

    assert [sign(count) for count in (1, 10, 60, 1000)] == ["░", "▒", "▓", "█"]


def test_ends_hold_everything() -> None:
    low, high = heat.ends((Heat(1.0, {10: 1}), Heat(2.0, {50: 1})))
    assert (low, high) == (shelf_ms(10), shelf_ms(51))
    assert heat.ends(()) == []


def test_a_heat_map_has_no_lines_but_their_values_and_red_above_the_limit() -> None:
    shown = feed("fault", heat=snapshot("fault").history.heat)
    rows, _ = chart(LATENCY, shown, 100, 16, (None, None))
    text = "\n".join(lines(rows))
    assert "█" in text
    assert "p95 2" in text
    assert not any("\u2801" <= ch <= "\u28ff" for ch in text)
    assert hues(rows, "░") >= {"bad"}


def test_without_heat_there_are_words() -> None:
    shown = feed("idle", heat=())
    rows, _ = chart(LATENCY, shown, 100, 16, (None, None))
    assert "Nothing is running" in "\n".join(lines(rows))
