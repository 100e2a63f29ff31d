from __future__ import annotations

from loadtui.load.reporter import Reporter
from loadtui.measure.recorder import Recorder
from loadtui.model.row import Health


class Clocks:
    def __init__(self) -> None:
        self.now, self.used = 100.0, 2.0


def reporter() -> tuple[Reporter, Recorder, Clocks]:
    clocks, recorder = Clocks(), Recorder()
    return Reporter(3, recorder, lambda: clocks.now, lambda: clocks.used), recorder, clocks


def test_a_batch_tells_what_was_recorded_and_how_the_worker_fared() -> None:
    ours, recorder, clocks = reporter()
    recorder.cell("get", 100).cut += 1
    recorder.iterations(100).cut += 1
    ours.late(0.002)
    ours.late(0.001)
    clocks.now, clocks.used = 100.25, 2.125
    batch = ours.batch(5, 1, 6)
    assert (batch.worker, batch.seq, batch.at) == (3, 1, 100.25)
    assert (batch.active, batch.draining) == (5, 1)
    assert [row.cut for row in batch.rows] == [1]
    assert [row.cut for row in batch.iterations] == [1]
    assert batch.health == Health(cpu=0.125, wall=0.25, lag=0.002, connections=6, files=6)


def test_each_batch_covers_the_time_since_the_last_one() -> None:
    ours, _, clocks = reporter()
    ours.late(0.5)
    clocks.now = 101.0
    ours.batch(0, 0, 0)
    clocks.now = 101.5
    second = ours.batch(0, 0, 0)
    assert (second.seq, second.health) == (2, Health(wall=0.5))


def test_silence_ends_with_news_or_after_a_second() -> None:
    ours, recorder, clocks = reporter()
    ours.batch(1, 0, 1)
    assert not ours.is_due(1, 0)
    assert ours.is_due(2, 0)
    clocks.now += 1.0
    assert ours.is_due(1, 0)
    ours.batch(1, 0, 1)
    recorder.iterations(101).cut += 1
    assert ours.is_due(1, 0)
