from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import cast

import pytest

from loadtui.toxiproxy.flow import (
    Bandwidth,
    Flow,
    Latency,
    LimitData,
    ResetPeer,
    Slicer,
    SlowClose,
    Timeout,
)
from loadtui.toxiproxy.piece import Chunk, End, Piece


@dataclass
class Loaded:
    """Dice that fall as told; whole numbers are drawn from the start of their range on."""

    wholes: list[int] = field(default_factory=list)

    def random(self) -> float:
        return 0.0

    def randrange(self, start: int, stop: int, /) -> int:
        drawn = start + self.wholes.pop(0)
        assert drawn < stop
        return drawn


def near(seconds: float) -> float:
    """Equal but for what floats lose."""
    return cast("float", pytest.approx(seconds))


def chunk(data: bytes, at: float = 0.0) -> Chunk:
    return Chunk(memoryview(data), at)


def out(flow: Flow) -> list[bytes | End]:
    """Everything that left, and forget it."""
    left = [piece if isinstance(piece, End) else bytes(piece.data) for piece in flow.out]
    flow.out.clear()
    return left


def run(flow: Flow, pieces: list[Piece], now: float = 0.0) -> list[tuple[float, bytes | End]]:
    """Let everything through, one after the other, each as early as may be: (when, what)."""
    left: list[tuple[float, bytes | End]] = []
    for piece in pieces:
        flow.take(piece, now)
        left += [(now, each) for each in out(flow)]
        while flow.busy and flow.due is not None:
            now = max(now, flow.due)
            flow.ripen(now)
            left += [(now, each) for each in out(flow)]
    return left


def test_noop_passes_at_once() -> None:
    assert run(Flow(), [chunk(b"a"), End.FINISHED]) == [(0.0, b"a"), (0.0, End.FINISHED)]


class TestLatency:
    def test_a_chunk_leaves_after_its_reading_and_the_end_is_not_delayed(self) -> None:
        flow = Latency({"latency": 100, "jitter": 0}, Loaded())
        assert run(flow, [chunk(b"a"), End.FINISHED]) == [
            (near(0.1), b"a"),
            (near(0.1), End.FINISHED),
        ]

    def test_what_waited_long_enough_leaves_at_once(self) -> None:
        flow = Latency({"latency": 100, "jitter": 0}, Loaded())
        assert run(flow, [chunk(b"a", at=1.0)], now=5.0) == [(5.0, b"a")]

    @pytest.mark.parametrize(("drawn", "delay"), [(0, 0.09), (10, 0.1), (19, 0.109)])
    def test_jitter_goes_from_minus_to_just_below_plus(self, drawn: int, delay: float) -> None:
        flow = Latency({"latency": 100, "jitter": 10}, Loaded([drawn]))
        assert run(flow, [chunk(b"a")]) == [(near(delay), b"a")]

    def test_the_chunks_time_moves_along_so_that_two_add_up(self) -> None:
        flow = Latency({"latency": 100, "jitter": 0}, Loaded())
        flow.take(chunk(b"a", at=1.0), 1.0)
        flow.ripen(1.1)
        assert flow.out.pop() == Chunk(memoryview(b"a"), near(1.1))

    def test_an_interruption_lets_the_held_chunk_go(self) -> None:
        flow = Latency({"latency": 100, "jitter": 0}, Loaded())
        flow.take(chunk(b"a"), 0.0)
        assert flow.interrupt() is None
        assert out(flow) == [b"a"]
        assert (flow.due, flow.busy) == (None, False)


class TestBandwidth:
    def test_a_chunk_takes_its_time(self) -> None:
        assert run(Bandwidth({"rate": 1}), [chunk(bytes(50))]) == [
            (near(0.05), bytes(50)),
        ]

    def test_a_long_chunk_leaves_in_pieces_of_a_tenth_of_a_second(self) -> None:
        left = run(Bandwidth({"rate": 1}), [chunk(bytes(250))])
        assert [(round(when, 6), len(data)) for when, data in left if isinstance(data, bytes)] == [
            (0.1, 100),
            (0.2, 100),
            (0.25, 50),
        ]

    def test_a_late_timer_is_made_up_for(self) -> None:
        flow = Bandwidth({"rate": 1})
        flow.take(chunk(bytes(50)), 0.0)
        flow.ripen(0.06)  # 10 ms late
        flow.out.clear()
        flow.take(chunk(bytes(50)), 0.06)
        assert flow.due == near(0.1)

    def test_an_interruption_lets_the_rest_go(self) -> None:
        flow = Bandwidth({"rate": 1})
        flow.take(chunk(bytes(250)), 0.0)
        flow.ripen(0.1)
        flow.interrupt()
        assert [len(each) for each in out(flow) if isinstance(each, bytes)] == [100, 150]


class TestSlowClose:
    def test_data_passes_and_the_end_is_held_back(self) -> None:
        left = run(SlowClose({"delay": 200}), [chunk(b"a"), End.CLOSED])
        assert left == [(0.0, b"a"), (0.2, End.CLOSED)]

    def test_an_interruption_hands_the_end_over(self) -> None:
        flow = SlowClose({"delay": 200})
        flow.take(End.FINISHED, 0.0)
        assert flow.interrupt() is End.FINISHED
        assert out(flow) == []


class TestTimeout:
    def test_it_drops_and_closes_when_silent_for_long_enough(self) -> None:
        flow = Timeout({"timeout": 300}, now=1.0)
        assert flow.due == near(1.3)
        flow.take(chunk(b"a"), 1.2)
        assert (flow.due, flow.busy, out(flow)) == (near(1.5), False, [])
        flow.ripen(1.5)
        assert out(flow) == [End.CLOSED]

    def test_zero_waits_for_ever(self) -> None:
        flow = Timeout({"timeout": 0}, now=1.0)
        flow.take(chunk(b"a"), 1.2)
        assert (flow.due, out(flow)) == (None, [])


class TestSlicer:
    def test_halves_of_halves_until_they_are_small_enough(self) -> None:
        flow = Slicer({"average_size": 100, "size_variation": 0, "delay": 10_000}, Loaded())
        left = run(flow, [chunk(bytes(range(250)) * 4)])
        assert [len(data) for _, data in left if isinstance(data, bytes)] == [62, 63] * 8
        assert (
            b"".join(data for _, data in left if isinstance(data, bytes)) == bytes(range(250)) * 4
        )
        assert [round(when, 6) for when, _ in left] == [round(n * 0.01, 6) for n in range(16)]

    def test_there_is_a_delay_after_the_last_piece_too(self) -> None:
        flow = Slicer({"average_size": 100, "size_variation": 0, "delay": 10_000}, Loaded())
        left = run(flow, [chunk(b"a"), chunk(b"b")])
        assert left == [(0.0, b"a"), (near(0.01), b"b")]

    def test_the_middle_moves_by_the_variation(self) -> None:
        flow = Slicer({"average_size": 6, "size_variation": 2, "delay": 0}, Loaded([0]))
        assert [data for _, data in run(flow, [chunk(b"0123456789")])] == [b"012", b"3456789"]

    def test_any_sizes_that_are_allowed_lose_nothing(self) -> None:
        for average in (1, 2, 7):
            attributes = {"average_size": average, "size_variation": average, "delay": 0}
            data = random.Random(average).randbytes(3000)
            left = run(Slicer(attributes, random.Random(1)), [chunk(data)])
            assert b"".join(each for _, each in left if isinstance(each, bytes)) == data

    def test_an_interruption_lets_the_rest_go_uncut(self) -> None:
        flow = Slicer({"average_size": 4, "size_variation": 0, "delay": 10}, Loaded())
        flow.take(chunk(b"0123456789abcdef"), 0.0)
        flow.interrupt()
        assert out(flow) == [b"0123", b"456789abcdef"]


class TestLimitData:
    def test_it_closes_as_soon_as_the_limit_is_reached(self) -> None:
        assert run(LimitData({"bytes": 4}, 0), [chunk(b"abcd")]) == [
            (0.0, b"abcd"),
            (0.0, End.CLOSED),
        ]

    def test_it_cuts_and_counts_what_went_before(self) -> None:
        assert run(LimitData({"bytes": 4}, 1), [chunk(b"ab"), chunk(b"cd")]) == [
            (0.0, b"ab"),
            (0.0, b"c"),
            (0.0, End.CLOSED),
        ]

    def test_zero_lets_nothing_through(self) -> None:
        assert run(LimitData({"bytes": 0}, 0), [chunk(b"a")]) == [(0.0, End.CLOSED)]


@pytest.mark.parametrize("first", [chunk(b"lost"), End.FINISHED])
def test_reset_peer_waits_for_the_first_piece_and_cannot_be_averted(first: Piece) -> None:
    flow = ResetPeer({"timeout": 100})
    at_first = flow.due
    flow.take(first, 2.0)
    flow.interrupt()
    assert (flow.doomed, at_first, flow.due) == (True, None, near(2.1))
    flow.ripen(2.1)
    assert out(flow) == [End.RESET]
