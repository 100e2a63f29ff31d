from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.tui.draw.scale import decades, linear


def texts(scale: object) -> list[str]:
    return [text.replace("\u00a0", " ") for _, text in getattr(scale, "ticks", ())]


@given(st.floats(0, 1e7), st.integers(1, 40))
def test_everything_measured_is_inside_a_linear_scale(most: float, rows: int) -> None:
    scale = linear(most, rows, None)
    assert 0 <= scale.unit(most) <= 1
    assert scale.ticks[0][0] == 0
    assert scale.ticks[-1][0] == pytest.approx(scale.high)


@given(st.floats(0.2, 1e5), st.floats(1, 100), st.integers(1, 40))
def test_everything_measured_is_inside_a_log_scale(least: float, times: float, rows: int) -> None:
    scale = decades(least, least * times, rows, None)
    assert 0 <= scale.unit(least) <= scale.unit(least * times) <= 1


def test_a_log_scale_is_labelled_in_ones_twos_and_fives_where_there_is_room() -> None:
    assert texts(decades(60, 2300, 30, None)) == [
        "50",
        "100",
        "200",
        "500",
        "1 000",
        "2 000",
        "5 000",
    ]
    assert texts(decades(60, 2300, 8, None)) == ["50", "100", "1 000", "5 000"]


def test_a_scale_grows_at_once_and_shrinks_only_below_45_percent() -> None:
    calm = linear(100, 12, None)
    busy = linear(400, 12, calm)
    assert busy.high >= 400
    assert linear(250, 12, busy) == busy
    assert linear(100, 12, busy).high < busy.high


def test_a_log_scale_keeps_its_ends_while_the_data_wavers_around_them() -> None:
    before = decades(60, 2300, 30, None)
    assert decades(60, 1900, 30, before).high == before.high
    assert decades(60, 1500, 30, before).high == 2000
    assert decades(110, 2300, 30, before).low == before.low
    assert decades(130, 2300, 30, before).low == 100


def test_small_numbers_have_ticks_that_differ() -> None:
    assert len(set(texts(linear(0.4, 10, None)))) == len(linear(0.4, 10, None).ticks)


@pytest.mark.parametrize("rows", range(2, 30))
def test_no_axis_of_shares_goes_past_all_of_them(rows: int) -> None:
    scale = linear(100.0, rows, None, 100.0)
    assert scale.high == 100.0
    assert texts(scale)[-1] == "100"
