from __future__ import annotations

import pytest

from loadtui.model.units import moment
from loadtui.tui.draw import figures


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "–"), (0.0, "0.0"), (8.44, "8.4"), (9.96, "10"), (71528, "71\u00a0528")],
)
def test_milliseconds_have_a_decimal_only_where_it_says_something(
    value: float | None, shown: str
) -> None:
    assert figures.millis(value) == shown


@pytest.mark.parametrize(("share", "shown"), [(None, "–"), (0.391, "39.1"), (1.0, "100")])
def test_shares_are_percent(share: float | None, shown: str) -> None:
    assert figures.percent(share) == shown


@pytest.mark.parametrize(("count", "shown"), [(1, "①"), (20, "⑳"), (21, "21")])
def test_markers_are_circled_while_that_takes_one_cell(count: int, shown: str) -> None:
    assert figures.circled(count) == shown


def test_times() -> None:
    assert figures.clock(3723.9) == "01:02:03"
    assert moment(83) == "01:23"
    assert moment(3723) == "1:02:03"
    assert figures.countdown(279.9) == "4:39"
    assert figures.countdown(-1) == "0:00"


def test_one_is_not_many() -> None:
    assert figures.plural(1, "fault") == "1 fault"
    assert figures.plural(2, "fault") == "2 faults"
