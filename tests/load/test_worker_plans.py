"""Plans in a real worker process against a real server."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from loadtui.model.executor import (
    ConstantRate,
    ConstantVus,
    Entry,
    Executor,
    PerVuIterations,
    RampingRate,
    RampingVus,
    SharedIterations,
    Stage,
)
from loadtui.model.frame import Ack, Follow, FromWorker, Hello, Hold, Retarget, Said, SetRate, Setup
from loadtui.model.request import RequestTemplate
from loadtui.model.row import Batch
from loadtui.model.scenario import Scenario
from loadtui.model.text import constant
from tests.support.counting_server import CountingServer, counting_server
from tests.support.worker_hand import Hand, batches, worker


@pytest.fixture(scope="module")
def server() -> Iterator[CountingServer]:
    with counting_server() as running:
        yield running


def setup(url: str, *entries: Entry, share: tuple[int, int] = (0, 1)) -> Setup:
    request = RequestTemplate(name="get", url=constant(url))
    scenario = Scenario(name="s", target=url, requests=(request,), scenarios=entries)
    return Setup(scenario, worker=share[0], workers=share[1], seed=1)


def one(executor: Executor, *, graceful_stop: float = 30.0) -> Entry:
    return Entry("default", executor, graceful_stop=graceful_stop)


def follow(hand: Hand, lead: float = 0.15) -> float:
    """Begin the plan in a moment, and return that moment."""
    hand.until(Hello)
    at = time.perf_counter() + lead
    hand.tell(Follow(1, at))
    return at


def until_over(hand: Hand) -> list[FromWorker]:
    """Everything heard until the plan is over, to the worker's end."""
    while not hand.until(Ack).is_over:
        pass
    hand.close_stdin()
    return hand.rest()


def total(heard: list[FromWorker], what: str) -> int:
    """The sum over all iterations."""
    return sum(int(getattr(row, what)) for each in batches(heard) for row in each.iterations)


def late(heard: list[FromWorker]) -> list[tuple[int, int]]:
    rows = [row for each in batches(heard) for row in each.iterations]
    return [(row.late.count, row.late.high) for row in rows if row.late.count]


def test_a_constant_rate_starts_exactly_as_many_as_are_due_and_drops_none(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    rate = ConstantRate(rate=200, duration=3, pre_allocated_vus=50, max_vus=50)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/5"), one(rate)))
        follow(hand)
        heard = until_over(hand)
    assert server.count() - before == 601
    assert (total(heard, "ended"), total(heard, "dropped")) == (601, 0)
    assert sum(count for count, _ in late(heard)) == 601
    rows = [row for each in batches(heard) for row in each.rows]
    assert sum(row.response.count for row in rows) == 601


def test_two_workers_halves_of_a_rate_make_it_whole(tmp_path: Path, server: CountingServer) -> None:
    rate = ConstantRate(rate=100, duration=1, pre_allocated_vus=20, max_vus=20)
    counts = []
    for index in range(2):
        with worker(tmp_path) as hand:
            hand.tell(setup(server.url("/"), one(rate), share=(index, 2)))
            follow(hand)
            counts.append(total(until_over(hand), "ended"))
    assert counts == [51, 50]


def test_a_ramping_rate_starts_what_the_area_says(tmp_path: Path, server: CountingServer) -> None:
    rate = RampingRate((Stage(1, 100), Stage(1, 0)), pre_allocated_vus=20, max_vus=20)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/"), one(rate)))
        follow(hand)
        assert total(until_over(hand), "ended") == 100


def test_without_a_free_vu_starts_are_dropped_and_vus_grow_to_the_most(
    tmp_path: Path, server: CountingServer
) -> None:
    rate = ConstantRate(rate=100, duration=1, pre_allocated_vus=1, max_vus=4)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/5000"), one(rate, graceful_stop=0)))
        follow(hand)
        heard = until_over(hand)
    assert total(heard, "cut") == 4
    assert total(heard, "dropped") == 101 - 4
    said = [each.text for each in heard if isinstance(each, Said)]
    assert len(said) == 1
    assert "all 4 VUs are busy" in said[0]
    assert max(each.allocated for each in batches(heard)) == 4


def test_a_plan_that_ends_at_zero_vus_says_that_it_is_over(
    tmp_path: Path, server: CountingServer
) -> None:
    ramp = RampingVus((Stage(0.2, 0), Stage(0.3, 0)), start_vus=1)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/1"), one(ramp)))
        at = follow(hand)
        until_over(hand)
        assert time.perf_counter() - at >= 0.5


def test_vus_follow_the_stages(tmp_path: Path, server: CountingServer) -> None:
    ramp = RampingVus((Stage(1, 4), Stage(0.5, 4), Stage(1, 0)), start_vus=0)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/1"), one(ramp)))
        at = follow(hand)
        seen = [(each.at - at, each.active) for each in batches(until_over(hand))]
    expected = {0.6: 2, 1.25: 4, 2.1: 2}
    for moment, vus in expected.items():
        nearest = min(seen, key=lambda each: abs(each[0] - moment))
        assert abs(nearest[1] - vus) <= 1, seen
    assert seen[-1][1] == 0


def test_shared_iterations_end_when_all_are_done(tmp_path: Path, server: CountingServer) -> None:
    before = server.count()
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/2"), one(SharedIterations(vus=4, iterations=50))))
        follow(hand)
        heard = until_over(hand)
    assert total(heard, "ended") == server.count() - before == 50


def test_each_vu_runs_its_own_iterations(tmp_path: Path, server: CountingServer) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/2"), one(PerVuIterations(vus=3, iterations=7))))
        follow(hand)
        heard = until_over(hand)
    assert (total(heard, "ended"), total(heard, "dropped")) == (21, 0)


def test_a_paced_vu_begins_on_time_however_short_its_iterations_are(
    tmp_path: Path, server: CountingServer
) -> None:
    entry = Entry("default", PerVuIterations(vus=2, iterations=4), pacing=0.2)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/10"), entry))
        began = follow(hand)
        heard = until_over(hand)
    assert time.perf_counter() - began >= 0.6
    assert (total(heard, "ended"), total(heard, "dropped")) == (8, 0)
    assert sum(count for count, _ in late(heard)) == 8


def test_iterations_too_long_for_their_pacing_make_responses_later_and_later(
    tmp_path: Path, server: CountingServer
) -> None:
    entry = Entry("default", PerVuIterations(vus=1, iterations=5), pacing=0.02)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/100"), entry))
        follow(hand)
        heard = until_over(hand)
    rows = [row for each in batches(heard) for row in each.rows]
    assert sum(row.response.count for row in rows) == 5
    # The fifth was due 80 ms after the first and began 400 ms after it.
    assert max(row.response.high for row in rows) >= 420_000
    assert min(row.duration.high for row in rows) < 300_000


def test_what_max_duration_leaves_is_dropped(tmp_path: Path, server: CountingServer) -> None:
    shared = SharedIterations(vus=2, iterations=10, max_duration=0.5)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/400"), one(shared)))
        follow(hand)
        heard = until_over(hand)
    # Two at 0 s and two at 0.4 s, which have their graceful time to end in.
    assert (total(heard, "ended"), total(heard, "dropped")) == (4, 6)


def test_the_graceful_stop_cuts_what_takes_longer(tmp_path: Path, server: CountingServer) -> None:
    with worker(tmp_path) as hand:
        entry = one(ConstantVus(duration=0.3, vus=3), graceful_stop=0.3)
        hand.tell(setup(server.url("/slow/60000"), entry))
        at = follow(hand)
        heard = until_over(hand)
        assert 0.6 <= time.perf_counter() - at < 1.5
    assert (total(heard, "ended"), total(heard, "cut")) == (0, 3)


def test_entries_run_side_by_side_each_from_its_own_time(
    tmp_path: Path, server: CountingServer
) -> None:
    first = Entry("first", ConstantVus(duration=0.4, vus=1))
    rate = ConstantRate(rate=20, duration=1, pre_allocated_vus=5, max_vus=5)
    second = Entry("second", rate, start_time=0.5)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/20"), first, second))
        follow(hand)
        heard = until_over(hand)
    ended: dict[str, int] = {}
    for batch in batches(heard):
        for row in batch.iterations:
            name = dict(row.tags)["scenario"]
            ended[name] = ended.get(name, 0) + row.ended
    assert ended["second"] == 21
    assert 5 <= ended["first"] <= 20
    names = {dict(row.tags)["scenario"] for batch in batches(heard) for row in batch.rows}
    assert names == {"first", "second"}


def test_a_pause_stops_the_plans_clock(tmp_path: Path, server: CountingServer) -> None:
    rate = ConstantRate(rate=50, duration=1, pre_allocated_vus=10, max_vus=10)
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/"), one(rate)))
        at = follow(hand)
        time.sleep(0.5)
        hand.tell(Hold(2, on=True))
        time.sleep(1.0)
        hand.tell(Hold(3, on=False))
        heard = until_over(hand)
        assert time.perf_counter() - at > 1.9
    assert (total(heard, "ended"), total(heard, "dropped")) == (51, 0)
    assert max(high for _, high in late(heard)) < 500_000, "the pause made nobody late"


def test_a_hand_overrides_the_plan_and_hands_it_back(
    tmp_path: Path, server: CountingServer
) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/5"), one(ConstantVus(duration=2, vus=2))))
        at = follow(hand)
        while hand.until(Batch).active != 2:
            pass
        hand.tell(Retarget(2, 7))
        while (told := hand.until(Ack)).seq != 2:
            pass
        assert told.active == 7
        hand.tell(Follow(3, at))
        while (told := hand.until(Ack)).active != 2 or told.draining:
            pass
        assert told.seq == 3
        until_over(hand)
        assert time.perf_counter() - at == pytest.approx(2.0, abs=0.7)


def test_a_rate_by_hand_can_be_changed_and_keeps_its_count(
    tmp_path: Path, server: CountingServer
) -> None:
    before = server.count()
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/")))
        hand.until(Hello)
        start = time.perf_counter()
        hand.tell(SetRate(1, start, 100.0, 0.0))
        time.sleep(0.5)
        hand.tell(SetRate(2, start + 0.5, 0.0, 50.0))
        hand.until(Ack)
        hand.until(Ack)
        time.sleep(0.3)
        begun = server.count() - before
        assert 50 <= begun < 54, "some may begin before the order to stop comes"
        time.sleep(0.2)
        assert server.count() - before == begun
        hand.tell(SetRate(3, start + 1.0, 10.0, 50.0))
        time.sleep(max(0.0, start + 1.55 - time.perf_counter()))
        hand.tell(Retarget(4, 0))
        hand.close_stdin()
        heard = hand.rest()
    # What began too early does not begin again.
    assert server.count() - before == total(heard, "ended") == pytest.approx(55, abs=2)


def test_an_idle_vu_of_a_rate_goes_on_without_a_break_when_a_hand_wants_vus(
    tmp_path: Path, server: CountingServer
) -> None:
    with worker(tmp_path) as hand:
        hand.tell(setup(server.url("/slow/5")))
        hand.tell(SetRate(1, time.perf_counter(), 1.0, 0.0), Retarget(2, 3))
        while hand.until(Batch).active != 3:
            pass
        before = server.count()
        time.sleep(0.3)
        assert server.count() - before > 20
