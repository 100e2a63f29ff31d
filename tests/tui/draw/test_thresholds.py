from __future__ import annotations

import msgspec
import pytest

from loadtui.model.snapshot import Snapshot
from loadtui.model.verdict import ThresholdStatus
from loadtui.model.watch import Watched
from loadtui.tui.draw.cells import row_width, words_of
from loadtui.tui.draw.thresholds import thresholds
from tests.tui.states import snapshot


def drawn(what: Snapshot, cells: int = 160) -> str:
    return words_of(thresholds(what, cells)).replace("\u00a0", " ")


def only(*found: ThresholdStatus) -> Snapshot:
    return msgspec.structs.replace(snapshot("steady"), thresholds=found)


def test_each_says_what_it_is_now() -> None:
    text = drawn(snapshot("fault"))
    assert "✗ p(95)<500  2 " in text
    assert "✓ checks rate>0.99  99.8 %" in text
    assert "○ p(95)<500  –" in drawn(snapshot("idle"))


def test_one_that_failed_over_the_run_keeps_saying_so() -> None:
    later = ThresholdStatus("p(95)<500", 218.0, True, 1240.0, False, "ms")
    assert "✓ p(95)<500  218 ms run ✗ 1 240 ms" in drawn(only(later))


def test_a_count_has_no_now_and_is_judged_over_the_run() -> None:
    count = ThresholdStatus("http_reqs count>10", None, None, 4.0, False)
    assert drawn(only(count)).rstrip().endswith("http_reqs count>10  4.0 ✗")


def test_broken_ones_come_first_where_not_all_fit_and_the_rest_is_counted() -> None:
    good = ThresholdStatus("p(99)<900", 1.0, True, 1.0, True, "ms")
    bad = ThresholdStatus("p(95)<500", 900.0, False, 900.0, False, "ms")
    text = drawn(only(good, good, good, bad), 50)
    assert text.index("✗") < text.index("✓")
    assert text.rstrip().endswith("+2")


def test_without_any_it_says_so() -> None:
    assert drawn(only()).strip() == "no thresholds set"


@pytest.mark.parametrize("cells", range(0, 200, 7))
def test_the_strip_never_outgrows_its_line(cells: int) -> None:
    assert row_width(thresholds(snapshot("fault"), cells)) <= max(cells, 4)


API = Watched("api", 12, memory=61_400_000.0, cpu=0.34, files=41.0)


def watching(*watched: Watched) -> Snapshot:
    return msgspec.structs.replace(snapshot("steady"), watched=watched)


def test_watched_processes_stand_at_the_right_as_far_as_there_is_room() -> None:
    assert drawn(watching(API)).endswith("api  61.4 MB · 34 % cpu · 41 files ")
    assert drawn(watching(API), 60).endswith("api  61.4 MB ")
    assert "api" not in drawn(watching(API), 20)


def test_a_process_that_is_gone_shows_wherever_it_can() -> None:
    gone = Watched("api", 12, gone=30.0)
    assert drawn(watching(gone)).rstrip().endswith("✗ api  gone")
    assert "✗ api  gone" in drawn(watching(gone, API), 40)


@pytest.mark.parametrize("cells", range(20, 200, 7))
def test_watched_processes_leave_the_line_its_width(cells: int) -> None:
    assert row_width(thresholds(watching(API, API), cells)) <= cells


def test_a_limit_in_bytes_is_read_in_bytes() -> None:
    memory = ThresholdStatus("watch_memory value<9", 61.4e6, False, 61.4e6, False, "B")
    assert "watch_memory value<9  61.4 MB" in drawn(only(memory))
