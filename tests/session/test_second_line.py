"""A second's measurements as a line, and back."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.second import Second
from loadtui.measure.selection import Selections
from loadtui.measure.tally import Tally
from loadtui.model.row import Distribution, IterationRow, MetricRow, Row
from loadtui.model.tags import NO_TAGS
from loadtui.session.second_line import (
    SecondLine,
    packed,
    second_fields,
    tally_line,
    unpacked,
)


@given(st.dictionaries(st.integers(0, 8000), st.integers(1, 10**9), max_size=60))
def test_buckets_survive_packing(buckets: dict[int, int]) -> None:
    assert unpacked(packed(buckets)) == buckets


def test_a_quiet_tally_is_a_short_line() -> None:
    tally = Tally()
    tally.add(Row(1, "a", requests=2, statuses={200: 2}))
    assert tally_line(tally) == {"n": 2, "statuses": {"200": 2}}


def test_what_was_measured_comes_back() -> None:
    took = Distribution(3, 60, 10, 30, {10: 1, 20: 1, 30: 1})
    row = Row(
        7,
        "a",
        requests=4,
        failed=1,
        bytes_in=90,
        duration=took,
        statuses={200: 3},
        errors={"refused": 1},
        checks={"ok": (3, 1)},
        counters={"sold": 2.5},
        response=took,
    )
    done = IterationRow(7, ended=2, failed=1, duration=took, dropped=3, late=took)
    sold = MetricRow(7, "sizes", "trend", NO_TAGS, 2, 3.0, 2, 1.0, 2.0, 7.0, 2.0, {40: 2})
    second, none = Second(), Selections((), ())
    second.add(row, "a", none)
    second.add_iterations(done, none)
    from loadtui.measure.second import measure

    measure(second.metrics, sold, none)
    written = msgspec.json.encode({"k": "second", "t": 7, **second_fields(second)})
    line = msgspec.json.decode(written, type=SecondLine)
    assert line.rows == (row,)
    assert line.iteration_rows == (done,)
    assert line.metric_rows == (sold,)


@pytest.mark.parametrize("text", ["?", "AA==", "z:AAAA", "////////////AQE="])
def test_buckets_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever is wrong with them
        unpacked(text)
