"""A value a second, for longer than it is kept in full."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from loadtui.measure.trail import Trail


@given(st.integers(0, 3000), st.integers(2, 50))
def test_a_trail_stays_short_even_and_whole(count: int, most: int) -> None:
    trail = Trail(most)
    for at in range(count):
        trail.add(float(at), at * 2.0)
    kept = trail.values
    assert len(kept) < most
    assert all(value == at * 2 for at, value in kept)
    gaps = {later - at for (at, _), (later, _) in pairwise(kept)}
    assert len(gaps) <= 1
    if count:
        assert kept[0][0] == 0
        assert count - kept[-1][0] <= 2 * max(gaps, default=count)
