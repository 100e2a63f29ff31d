from __future__ import annotations

from loadtui.load.link import shifted
from loadtui.model.row import Batch, IterationRow, Row

BATCH = Batch(
    worker=0,
    seq=1,
    at=100.25,
    active=3,
    draining=0,
    rows=(Row(99, "a", requests=2), Row(100, "a", requests=1)),
    iterations=(IterationRow(100, 3),),
)


def test_on_one_clock_rows_keep_their_seconds() -> None:
    moved = shifted(BATCH, 0.0004)
    assert moved.at == 100.2504
    assert (moved.rows, moved.iterations) == (BATCH.rows, BATCH.iterations)


def test_another_clock_moves_rows_by_whole_seconds_and_changes_nothing_else() -> None:
    moved = shifted(BATCH, -40.2)
    assert moved.at == 100.25 - 40.2
    assert [(row.second, row.requests) for row in moved.rows] == [(59, 2), (60, 1)]
    assert moved.iterations == (IterationRow(60, 3),)
