from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from loadtui.outputs import protobuf


@given(st.integers(0, 2**64 - 1), st.binary(max_size=300))
def test_what_is_written_reads_back(value: int, data: bytes) -> None:
    written = protobuf.whole(1, value) + protobuf.message(2, data)
    assert list(protobuf.fields(written)) == [(1, value), (2, data)]


@given(st.integers(-(2**63), 2**63 - 1))
def test_signed_numbers_fold_around_zero(value: int) -> None:
    ((_, folded),) = protobuf.fields(protobuf.signed(3, value))
    assert isinstance(folded, int)
    assert folded == (value * 2 if value >= 0 else -value * 2 - 1)


@given(st.binary(max_size=60))
def test_noise_reads_as_something_and_ends(data: bytes) -> None:
    assert len(list(protobuf.fields(data))) <= len(data)
