from __future__ import annotations

import random
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from loadtui.model.toxic import Toxic
from loadtui.toxiproxy.chain import Chain
from loadtui.toxiproxy.piece import READ, End

LATENCY = Toxic("slow", "latency", attributes={"latency": 100, "jitter": 0})
HARMLESS = (
    LATENCY,
    Toxic("narrow", "bandwidth", attributes={"rate": 10}),
    Toxic("cut", "slicer", attributes={"average_size": 50, "size_variation": 20, "delay": 1000}),
    Toxic("shy", "slow_close", attributes={"delay": 100}),
    Toxic("calm", "noop"),
    Toxic("half", "latency", toxicity=0.5, attributes={"latency": 30, "jitter": 20}),
)
"""Toxics that delay, and lose nothing."""


def chain(*toxics: Toxic, now: float = 0.0) -> Chain:
    return Chain(toxics, lambda: random.Random(3), now)


def feed(a_chain: Chain, data: bytes, now: float) -> None:
    a_chain.feed(memoryview(data), now)


def pumped(a_chain: Chain, now: float) -> list[bytes | End]:
    return [piece if isinstance(piece, End) else bytes(piece.data) for piece in a_chain.pump(now)]


def test_without_toxics_or_spared_by_all_a_chain_is_plain() -> None:
    assert chain().plain
    assert chain(Toxic("n", "noop"), Toxic("l", "latency", toxicity=0.0)).plain
    assert not chain(LATENCY).plain


def test_latency_leaves_when_due_and_says_when() -> None:
    slow = chain(LATENCY)
    feed(slow, b"a", 1.0)
    assert pumped(slow, 1.0) == []
    assert slow.due == pytest.approx(1.1)
    assert pumped(slow, 1.1) == [b"a"]
    assert slow.due is None


def test_latencies_add_up_and_queueing_counts_as_latency() -> None:
    both = chain(LATENCY, Toxic("more", "latency", attributes={"latency": 50}))
    feed(both, b"a", 0.0)
    assert pumped(both, 0.0) + pumped(both, 0.1) == []
    assert both.due == pytest.approx(0.15)
    narrow_then_slow = chain(
        Toxic("b", "bandwidth", attributes={"rate": 1}),
        Toxic("l", "latency", attributes={"latency": 60}),
    )
    feed(narrow_then_slow, bytes(50), 0.0)
    pumped(narrow_then_slow, 0.0)
    assert pumped(narrow_then_slow, 0.05) == []
    assert narrow_then_slow.due == pytest.approx(0.06)


def test_a_receiver_that_takes_nothing_holds_up_the_sender() -> None:
    held = chain(Toxic("s", "slow_close", attributes={"delay": 0}))
    held.writable = False
    for _ in range(5):
        feed(held, b"x", 0.0)
        assert pumped(held, 0.0) == []
    assert held.full
    held.writable = True
    assert pumped(held, 0.0) == [b"x"] * 5
    assert not held.full


def test_latency_keeps_up_to_32_mib() -> None:
    slow = chain(LATENCY)
    for _ in range(1023):
        feed(slow, bytes(READ), 0.0)
        pumped(slow, 0.0)
    assert not slow.full
    feed(slow, bytes(4 * READ), 0.0)
    pumped(slow, 0.0)
    assert slow.full


@pytest.mark.parametrize(
    ("toxic", "chunks"),
    [
        (LATENCY, [100_000]),
        (Toxic("j", "latency", attributes={"latency": 0, "jitter": 1}), [READ] * 3 + [1696]),
    ],
)
def test_long_reads_are_split_where_it_matters(toxic: Toxic, chunks: list[int]) -> None:
    slow = chain(toxic)
    feed(slow, bytes(100_000), 0.0)
    assert [len(each) for each in pumped(slow, 1.0) if isinstance(each, bytes)] == chunks


def test_an_end_follows_the_data() -> None:
    slow = chain(LATENCY)
    feed(slow, b"a", 0.0)
    slow.finish(End.FINISHED)
    assert pumped(slow, 0.0) == []
    assert pumped(slow, 0.1) == [b"a", End.FINISHED]


def test_a_change_lets_the_held_chunk_go_and_the_others_follow_the_new_value() -> None:
    slow = chain(LATENCY)
    feed(slow, b"a", 0.0)
    feed(slow, b"b", 0.0)
    pumped(slow, 0.0)
    slow.update(Toxic("slow", "latency", attributes={"latency": 300}), 0.02)
    assert pumped(slow, 0.02) == [b"a"]
    assert slow.due == pytest.approx(0.3)


def test_a_removal_flushes_all() -> None:
    slow = chain(LATENCY)
    feed(slow, b"a", 0.0)
    feed(slow, b"b", 0.0)
    pumped(slow, 0.0)
    slow.remove("slow", 0.01)
    assert pumped(slow, 0.01) == [b"a", b"b"]
    assert slow.plain


def test_the_removal_of_a_slow_close_that_waits_closes() -> None:
    shy = chain(Toxic("shy", "slow_close", attributes={"delay": 1000}))
    shy.finish(End.FINISHED)
    assert pumped(shy, 0.0) == []
    shy.remove("shy", 0.1)
    assert pumped(shy, 0.1) == [End.FINISHED]


@pytest.mark.parametrize("toxicity", [0.0, 1.0])
def test_the_removal_of_a_timeout_closes_affected_or_not(toxicity: float) -> None:
    hole = chain(Toxic("t", "timeout", toxicity=toxicity, attributes={"timeout": 0}))
    hole.remove("t", 1.0)
    assert pumped(hole, 1.0) == [End.CLOSED]


def test_a_reset_that_waits_outlives_its_toxic() -> None:
    doomed = chain(Toxic("r", "reset_peer", attributes={"timeout": 100}))
    feed(doomed, b"x", 0.0)
    pumped(doomed, 0.0)
    doomed.remove("r", 0.01)
    assert pumped(doomed, 0.01) == []
    assert pumped(doomed, 0.1) == [End.RESET]


def test_a_limit_counts_on_through_changes() -> None:
    limited = chain(Toxic("l", "limit_data", attributes={"bytes": 4}))
    feed(limited, b"abc", 0.0)
    assert pumped(limited, 0.0) == [b"abc"]
    limited.update(Toxic("l", "limit_data", attributes={"bytes": 5}), 0.0)
    feed(limited, b"def", 0.0)
    assert pumped(limited, 0.0) == [b"de", End.CLOSED]


def test_a_toxic_added_behind_makes_the_one_before_draw_anew() -> None:
    drawn = []
    for seed in range(20):
        half = Chain([HARMLESS[-1]], partial(random.Random, seed), 0.0)
        before = half.plain
        half.add(Toxic("n", "noop"), 0.0)
        pumped(half, 0.0)
        drawn.append((before, half.plain))
    assert len(set(drawn)) == 4


@given(st.integers(0, 2**32), st.lists(st.binary(max_size=400), max_size=6))
@settings(max_examples=50, deadline=None)
def test_the_same_dice_give_the_same_run(seed: int, sent: list[bytes]) -> None:
    def run() -> list[tuple[float, bytes | End]]:
        tested, now = Chain(HARMLESS, lambda: random.Random(seed), 0.0), 0.0
        left: list[tuple[float, bytes | End]] = []
        for data in sent:
            feed(tested, data, now)
        tested.finish(End.FINISHED)
        left += [(now, each) for each in pumped(tested, now)]
        while (due := tested.due) is not None:
            now = max(now, due)
            left += [(now, each) for each in pumped(tested, now)]
        return left

    first = run()
    assert first == run()
    assert b"".join(each for _, each in first if isinstance(each, bytes)) == b"".join(sent)
    assert first[-1][1] is End.FINISHED


class Harmless(RuleBasedStateMachine):
    """Whatever is added, changed and removed: every byte arrives, in order, and then the end."""

    def __init__(self) -> None:
        super().__init__()
        self.chain = chain()
        self.now = 0.0
        self.sent, self.left, self.ended = b"", b"", False
        self.there: list[Toxic] = []

    def write(self) -> None:
        for piece in pumped(self.chain, self.now):
            assert not self.ended
            if isinstance(piece, End):
                self.ended = True
            else:
                self.left += piece

    @rule(data=st.binary(min_size=1, max_size=300))
    @precondition(lambda self: not self.ended)
    def send(self, data: bytes) -> None:
        if not self.chain.full:
            self.sent += data
            feed(self.chain, data, self.now)
            self.write()

    @rule(seconds=st.floats(0, 0.3))
    def wait(self, seconds: float) -> None:
        self.now += seconds
        self.write()

    @rule(toxic=st.sampled_from(HARMLESS))
    def add_or_change(self, toxic: Toxic) -> None:
        if toxic in self.there:
            self.chain.update(toxic, self.now)
        else:
            self.there.append(toxic)
            self.chain.add(toxic, self.now)
        self.write()

    @rule(data=st.data())
    @precondition(lambda self: self.there)
    def remove(self, data: st.DataObject) -> None:
        toxic = data.draw(st.sampled_from(self.there))
        self.there.remove(toxic)
        self.chain.remove(toxic.name, self.now)
        self.write()

    @rule(writable=st.booleans())
    def take_more_or_not(self, writable: bool) -> None:
        self.chain.writable = writable
        self.write()

    @invariant()
    def what_left_is_what_was_sent(self) -> None:
        assert self.sent.startswith(self.left)

    def teardown(self) -> None:
        self.chain.writable = True
        if not self.ended:
            self.chain.finish(End.FINISHED)
        self.write()
        for _ in range(10_000):
            if (due := self.chain.due) is None:
                break
            self.now = max(self.now, due)
            self.write()
        assert self.ended
        assert self.left == self.sent


TestHarmless = Harmless.TestCase
TestHarmless.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
