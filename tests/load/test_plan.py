from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.load.plan import split


@given(st.integers(0, 100_000), st.integers(1, 64))
def test_shares_add_up_to_the_target_and_are_level_within_one(target: int, workers: int) -> None:
    shares = split(target, workers)
    assert len(shares) == workers
    assert sum(shares) == target
    assert max(shares) - min(shares) <= 1


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 16))
def test_raising_the_target_lowers_nobodys_share(low: int, more: int, workers: int) -> None:
    before, after = split(low, workers), split(low + more, workers)
    assert all(b <= a for b, a in zip(before, after, strict=True))
